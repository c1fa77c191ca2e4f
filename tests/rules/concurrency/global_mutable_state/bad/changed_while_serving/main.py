import threading

from fastapi import FastAPI

from state import SESSIONS, Registry

app = FastAPI()
recent = []
counts = {}
hits = 0
registry = Registry()


@app.get("/visit")
async def visit(user: str):
    recent.append(user)  # expect: AG0903 medium
    SESSIONS[user] = True  # expect: AG0903
    registry.latest = user  # expect: AG0903
    return recent


@app.get("/count")
def count(user: str):
    counts[user] = counts.get(user, 0)
    counts[user] += 1  # expect: AG0903 high
    return counts


def work():
    global hits
    hits += 1  # expect: AG0903 high


@app.on_event("startup")
async def start():
    threading.Thread(target=work).start()
