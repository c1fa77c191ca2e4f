import asyncio
from collections import deque

from fastapi import FastAPI

from state import SESSIONS, load

app = FastAPI()
counts = {}
hits = 0
history = []
recent = deque()
jobs = {}
total = 0


@app.get("/count")
def count(user: str):
    global hits
    hits += 1  # expect: AG0903 high
    counts[user] = counts.get(user, 0) + 1  # expect: AG0903 high
    return counts


@app.get("/sum")
async def summed(amount: int):
    global total
    before = total
    rate = await load(amount)
    total = before + rate  # expect: AG0903 high


@app.get("/end")
async def end(user: str):
    if user in SESSIONS:
        await load(user)
        del SESSIONS[user]  # expect: AG0903 medium


@app.delete("/jobs/{name}")
def stop(name: str):
    if name in jobs:
        jobs.pop(name)  # expect: AG0903 medium


@app.get("/visit")
async def visit(user: str):
    history.append(user)  # expect: AG0903 medium
    recent.append(user)  # expect: AG0903 medium
    await asyncio.sleep(1)
