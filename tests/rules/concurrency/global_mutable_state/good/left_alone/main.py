import asyncio
import threading
from collections import deque
from contextlib import asynccontextmanager
from contextvars import ContextVar

from fastapi import FastAPI

LIMITS = {"a": 1}
HANDLERS = {}
NAMES = []
user_of_request = ContextVar("user_of_request")
lock = threading.Lock()
guarded = {}
counted = 0
settings = None
client = None
memory = {}
answers = {}
last_seen = deque(maxlen=100)
running = set()
queue = []
sockets = []
latest = None
ticks = 0
seconds = 0
waiting = []
held = 0


def handler(name):
    def register(function):
        HANDLERS[name] = function
        NAMES.append(name)
        return function

    return register


@handler("quote")
def quote():
    return 1


def tick():
    global ticks
    while True:
        ticks += 1


@asynccontextmanager
async def lifespan(app):
    global settings
    settings = {"ready": True}
    threading.Thread(target=tick).start()
    yield


app = FastAPI(lifespan=lifespan)


def get_client():
    global client
    if client is None:
        client = object()
    return client


async def fetch(name):
    return name


@app.get("/")
def show(name: str):
    global latest, counted
    user_of_request.set(name)
    get_client()
    memory[name] = HANDLERS.get(name)
    local = {}
    local[name] = LIMITS["a"]
    local[name] += 1
    last_seen.append(name)
    latest = name
    with lock:
        guarded[name] = guarded.get(name, 0) + 1
        counted += 1
        count_held()
    return local


def count_held():
    global held
    held += 1


@app.get("/async")
async def on_one_loop(name: str):
    global seconds
    if name not in answers:
        answers[name] = await fetch(name)
    seconds += 1
    if name in memory:
        del memory[name]
    answers.pop(name, None)
    task = asyncio.create_task(fetch(name))
    running.add(task)
    task.add_done_callback(running.discard)
    queue.append(name)
    sockets.append(name)
    try:
        await fetch(name)
    finally:
        sockets.remove(name)
    waiting.append(name)
    drain(waiting)


def drain(names):
    names.clear()


@app.get("/next")
async def following():
    return queue.pop(0) if queue else None


def only_a_command():
    LIMITS["a"] += 1


@app.get("/words")
def words(name: str):
    global client
    if not client:
        client = client or object()
    memory = {}
    memory[name] = memory.get(name, 0) + 1
    if name in answers:
        try:
            del answers[name]
        except KeyError:
            return None
    return memory
