import threading
from contextlib import asynccontextmanager
from contextvars import ContextVar

from fastapi import FastAPI

LIMITS = {"a": 1}
HANDLERS = {}
user_of_request = ContextVar("user_of_request")
lock = threading.Lock()
guarded = {}
settings = None
client = None


def handler(name):
    def register(function):
        HANDLERS[name] = function
        return function

    return register


@handler("quote")
def quote():
    return 1


@asynccontextmanager
async def lifespan(app):
    global settings
    settings = {"ready": True}
    yield


app = FastAPI(lifespan=lifespan)


def get_client():
    global client
    if client is None:
        client = object()
    return client


class Guarded:
    def __init__(self):
        self.lock = threading.Lock()
        self.value = 0


shared = Guarded()


@app.get("/")
def show(name: str):
    user_of_request.set(name)
    get_client()
    HANDLERS.get(name)
    local = {}
    local[name] = LIMITS["a"]
    guarded_again = list(guarded)
    guarded_again.append(name)
    shared.value = 1
    with lock:
        guarded[name] = 1
    return local


def only_a_command():
    LIMITS["a"] = 2
