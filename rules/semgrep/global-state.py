# Cases of global-state.yml for `semgrep --test`: never run, only matched.
import asyncio
import collections
import datetime
import functools
import locale
import os
import random
import threading
import time
import uuid
from dataclasses import dataclass, field
from datetime import timezone

from fastapi import FastAPI, Request
from pydantic import BaseModel, Field
from sqlalchemy import Column, DateTime

from shop.clients import make_client

app = FastAPI()
guard = threading.Lock()
aguard = asyncio.Lock()
count = 0
mode = "normal"
client = None
sessions = {}
recent: list[str] = []
handlers = {}
hits = collections.defaultdict(int)
RATES = {"EUR": 1}


# --- archguard-global-counter ---------------------------------------------------------------------------


@app.get("/orders")
async def orders():
    global count
    # ruleid: archguard-global-counter
    count += 1
    return count


@app.get("/visits")
def visits(request: Request):
    # ruleid: archguard-global-counter
    request.app.state.visits += 1
    # ok: archguard-global-counter
    found = 0
    # ok: archguard-global-counter
    found += 1
    return found


@app.get("/guarded")
def guarded():
    global count
    with guard:
        # ok: archguard-global-counter
        count += 1


def at_import():
    global count
    # ok: archguard-global-counter
    count += 1


# --- archguard-global-rebound ---------------------------------------------------------------------------


@app.post("/mode")
def set_mode(value: str):
    global mode
    # ruleid: archguard-global-rebound
    mode = value


@app.get("/client")
def get_client():
    global client
    if client is None:
        # ok: archguard-global-rebound
        client = make_client()
    return client


@app.on_event("startup")
def start():
    global client
    # ok: archguard-global-rebound
    client = make_client()


# --- archguard-module-container-changed -----------------------------------------------------------------


@app.post("/login")
async def login(name: str):
    # ruleid: archguard-module-container-changed
    sessions[name] = time.time()
    # ruleid: archguard-module-container-changed
    recent.append(name)
    # ruleid: archguard-module-container-changed
    hits[name] += 1
    # ok: archguard-module-container-changed
    return RATES["EUR"], sessions.get(name)


@app.post("/locked")
async def locked(name: str):
    async with aguard:
        # ok: archguard-module-container-changed
        sessions[name] = time.time()


@app.post("/local")
async def local(name: str, hits: dict):
    sessions = {}
    # ok: archguard-module-container-changed
    sessions[name] = 1
    # ok: archguard-module-container-changed
    hits[name] = 1
    return sessions


def register(name):
    def wrap(function):
        # ok: archguard-module-container-changed
        handlers[name] = function
        return function

    return wrap


# --- archguard-shared-class-container -------------------------------------------------------------------


class Basket:
    items = []
    limits = {}
    kinds = ("a", "b")

    def __init__(self):
        self.limits = {}

    def add(self, item):
        # ruleid: archguard-shared-class-container
        self.items.append(item)
        # ok: archguard-shared-class-container
        self.limits[item] = 1
        # ok: archguard-shared-class-container
        return len(self.items)


class Form(BaseModel):
    items: list[str] = []

    def add(self, item):
        # ok: archguard-shared-class-container
        self.items.append(item)


# --- archguard-mutable-default-argument -----------------------------------------------------------------


# ruleid: archguard-mutable-default-argument
def collect(item, into=[]):
    into.append(item)
    return into


# ruleid: archguard-mutable-default-argument
def options(given: dict = {}):
    return given


# ok: archguard-mutable-default-argument
def total(items=[]):
    return sum(items)


# ok: archguard-mutable-default-argument
def copied(items=[]):
    items = list(items)
    items.append(1)
    return items


# ok: archguard-mutable-default-argument
def fresh(items=None):
    items = items or []
    items.append(1)
    return items


# --- archguard-call-in-default --------------------------------------------------------------------------


# ruleid: archguard-call-in-default
def report(until=datetime.datetime.now(timezone.utc)):
    return until


# ok: archguard-call-in-default
def report_until(until=None, limit=datetime.timedelta(days=1)):
    return until or datetime.datetime.now(timezone.utc)


class Order(BaseModel):
    # ruleid: archguard-call-in-default
    number: uuid.UUID = uuid.uuid4()
    # ruleid: archguard-call-in-default
    created: float = Field(default=time.time())
    # ok: archguard-call-in-default
    other: uuid.UUID = Field(default_factory=uuid.uuid4)

    def stamp(self):
        # ok: archguard-call-in-default
        now: float = time.time()
        return now


@dataclass
class Line:
    # ruleid: archguard-call-in-default
    made: float = time.time()
    # ok: archguard-call-in-default
    read: float = field(default_factory=time.time)


# ruleid: archguard-call-in-default
created = Column(DateTime, default=datetime.datetime.utcnow())
# ok: archguard-call-in-default
updated = Column(DateTime, default=datetime.datetime.utcnow)
# ok: archguard-call-in-default
changed = Column(DateTime, default=lambda: datetime.datetime.now(timezone.utc))


# --- archguard-racy-singleton ---------------------------------------------------------------------------


async def shared_client():
    global client
    # ruleid: archguard-racy-singleton
    if client is None:
        client = await make_client()
    return client


async def guarded_client():
    global client
    async with aguard:
        # ok: archguard-racy-singleton
        if client is None:
            client = await make_client()
    return client


async def without_await():
    global client
    # ok: archguard-racy-singleton
    if client is None:
        client = make_client()
    return client


async def local_only():
    found = None
    # ok: archguard-racy-singleton
    if found is None:
        found = await make_client()
    return found


# --- archguard-cache-on-method --------------------------------------------------------------------------


class Prices:
    @functools.lru_cache(maxsize=100)
    # ruleid: archguard-cache-on-method
    def price(self, item):
        return item

    @functools.cached_property
    # ok: archguard-cache-on-method
    def all(self):
        return []

    @staticmethod
    @functools.lru_cache
    # ok: archguard-cache-on-method
    def rate(currency):
        return currency


# --- archguard-process-state-changed --------------------------------------------------------------------


@app.get("/invoice")
def invoice(language: str):
    # ruleid: archguard-process-state-changed
    locale.setlocale(locale.LC_ALL, language)
    # ruleid: archguard-process-state-changed
    os.environ["TZ"] = "UTC"
    # ok: archguard-process-state-changed
    return os.environ["TZ"], random.random()


def configure():
    # ok: archguard-process-state-changed
    os.environ["TZ"] = "UTC"
