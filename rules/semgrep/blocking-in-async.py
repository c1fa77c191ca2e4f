# Cases of blocking-in-async.yml for `semgrep --test`: never run, only matched.
import asyncio
import concurrent.futures
import os
import queue
import shutil
import smtplib
import socket
import sqlite3
import subprocess
import threading
import time
import urllib.request
from contextlib import asynccontextmanager
from pathlib import Path
from time import sleep
from typing import Annotated

import bcrypt
import boto3
import feedparser
import httpx
import openai
import psycopg
import psycopg2
import redis
import requests
from argon2 import PasswordHasher
from fastapi import Depends, FastAPI
from passlib.context import CryptContext
from requests import get as fetch
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from shop.database import make_session

app = FastAPI()
http = requests.Session()
aclient = httpx.AsyncClient()
cache = redis.Redis(host="cache", socket_timeout=1)
bucket_client = boto3.client("s3")
completions = openai.OpenAI()
acompletions = openai.AsyncOpenAI()
passwords = CryptContext(schemes=["bcrypt"])
argon = PasswordHasher()
jobs = queue.Queue()
ajobs = asyncio.Queue()
guard = threading.Lock()
aguard = asyncio.Lock()
stopped = threading.Event()
DatabaseSession = Annotated[Session, Depends(make_session)]


# --- archguard-blocking-sleep ---------------------------------------------------------------------------


@app.get("/orders")
async def orders():
    # ruleid: archguard-blocking-sleep
    time.sleep(1)
    # ruleid: archguard-blocking-sleep
    sleep(0.1)
    # ok: archguard-blocking-sleep
    await asyncio.sleep(1)
    # ok: archguard-blocking-sleep
    time.sleep(0)


@app.get("/in-the-thread-pool")
def in_the_thread_pool():
    # ok: archguard-blocking-sleep
    time.sleep(1)


async def handed_to_threads():
    def wait():
        # ok: archguard-blocking-sleep
        time.sleep(1)

    await asyncio.to_thread(wait)
    # ok: archguard-blocking-sleep
    await asyncio.to_thread(lambda: time.sleep(1))
    # ok: archguard-blocking-sleep
    await asyncio.to_thread(time.sleep, 1)
    loop = asyncio.get_running_loop()
    # ok: archguard-blocking-sleep
    await loop.run_in_executor(None, time.sleep, 1)


def factory():
    async def handler():
        # ruleid: archguard-blocking-sleep
        time.sleep(1)

    return handler


async def outer():
    async def inner():
        # ruleid: archguard-blocking-sleep
        time.sleep(1)

    await inner()


@asynccontextmanager
async def lifespan(app: FastAPI):
    # ok: archguard-blocking-sleep
    time.sleep(1)
    yield


@app.on_event("startup")
async def wait_for_database():
    # ok: archguard-blocking-sleep
    time.sleep(1)


async def main():
    # ok: archguard-blocking-sleep
    time.sleep(1)


# --- archguard-blocking-http-call -----------------------------------------------------------------------


async def quotes(url, self):
    # ruleid: archguard-blocking-http-call
    requests.get(url, timeout=5)
    # ruleid: archguard-blocking-http-call
    fetch(url, timeout=5)
    # ruleid: archguard-blocking-http-call
    httpx.post(url, json={})
    # ruleid: archguard-blocking-http-call
    urllib.request.urlopen(url, timeout=5)
    # ruleid: archguard-blocking-http-call
    feedparser.parse("https://example.org/feed.xml")
    # ok: archguard-blocking-http-call
    feedparser.parse("<rss></rss>")
    # ok: archguard-blocking-http-call
    await aclient.get(url)
    # ok: archguard-blocking-http-call
    self.requests.get(url)
    # ok: archguard-blocking-http-call
    requests.codes.get(url)
    # ok: archguard-blocking-http-call
    await asyncio.to_thread(requests.get, url, timeout=5)
    # ok: archguard-blocking-http-call
    await asyncio.to_thread(lambda: requests.get(url, timeout=5))


# --- archguard-blocking-http-client ---------------------------------------------------------------------


async def prices(
    url,
    session: requests.Session | None,
    client: httpx.AsyncClient,
    headers: dict,
    sessions: dict[str, requests.Session],
):
    # ok: archguard-blocking-http-client
    sessions.get("main")
    # ruleid: archguard-blocking-http-client
    http.get(url, timeout=5)
    # ruleid: archguard-blocking-http-client
    session.post(url, timeout=5)
    with httpx.Client() as opened:
        # ruleid: archguard-blocking-http-client
        opened.get(url)
    async with httpx.AsyncClient() as opened_async:
        # ok: archguard-blocking-http-client
        await opened_async.get(url)
        # ok: archguard-blocking-http-client
        later = opened_async.get(url)
    # ok: archguard-blocking-http-client
    await client.get(url)
    # ok: archguard-blocking-http-client
    headers.get("accept")
    # ok: archguard-blocking-http-client
    await asyncio.to_thread(http.get, url)
    return later


def prices_in_a_thread(url):
    # ok: archguard-blocking-http-client
    return http.get(url, timeout=5)


class Ledger:
    def __init__(self):
        self.session = requests.Session()
        self.client = httpx.AsyncClient()
        self.known = {}

    async def balance(self, url):
        # ruleid: archguard-blocking-http-client
        self.session.get(url, timeout=5)
        # ok: archguard-blocking-http-client
        await self.client.get(url)
        # ok: archguard-blocking-http-client
        self.known.get(url)

    def balance_in_a_thread(self, url):
        # ok: archguard-blocking-http-client
        return self.session.get(url, timeout=5)


# --- archguard-blocking-process -------------------------------------------------------------------------


async def thumbnails(path):
    # ruleid: archguard-blocking-process
    subprocess.run(["convert", path], check=True, timeout=5)
    # ruleid: archguard-blocking-process
    os.system("sync")
    started = subprocess.Popen(["convert", path])
    # ruleid: archguard-blocking-process
    started.wait(timeout=5)
    # ruleid: archguard-blocking-process
    os.wait()
    # ok: archguard-blocking-process
    process = await asyncio.create_subprocess_exec("convert", path)
    # ok: archguard-blocking-process
    await process.wait()
    # ok: archguard-blocking-process
    os.waitpid(started.pid, os.WNOHANG)
    # ok: archguard-blocking-process
    await asyncio.to_thread(subprocess.run, ["convert", path], check=True)


# --- archguard-blocking-database-driver -----------------------------------------------------------------


async def report(dsn, connection: sqlite3.Connection, other: psycopg.AsyncConnection):
    # ruleid: archguard-blocking-database-driver
    opened = psycopg2.connect(dsn)
    # ruleid: archguard-blocking-database-driver
    local = sqlite3.connect("cache.db")
    # ruleid: archguard-blocking-database-driver
    connection.execute("SELECT 1")
    # ok: archguard-blocking-database-driver
    await other.execute("SELECT 1")
    # ok: archguard-blocking-database-driver
    remote = await psycopg.AsyncConnection.connect(dsn)
    return opened, local, remote


def report_in_a_thread(dsn):
    # ok: archguard-blocking-database-driver
    return psycopg2.connect(dsn)


# --- archguard-blocking-orm-session ---------------------------------------------------------------------


@app.get("/users")
async def users(session: Session = Depends(make_session)):
    # ruleid: archguard-blocking-orm-session
    return session.query(dict).all()


@app.get("/users/{number}")
async def user(number: int, session: DatabaseSession, other: Annotated[Session, Depends(make_session)]):
    # ruleid: archguard-blocking-orm-session
    session.commit()
    # ruleid: archguard-blocking-orm-session
    return other.get(dict, number)


@app.get("/members")
async def members(session: AsyncSession):
    # ok: archguard-blocking-orm-session
    return await session.execute("SELECT 1")


@app.get("/groups")
def groups(session: Session = Depends(make_session)):
    # ok: archguard-blocking-orm-session
    return session.query(dict).all()


async def in_run_sync(session: AsyncSession):
    # ok: archguard-blocking-orm-session
    await session.run_sync(lambda synchronous: synchronous.query(dict).all())


async def only_noted(session: Session, item):
    # ok: archguard-blocking-orm-session
    session.add(item)


# --- archguard-blocking-redis ---------------------------------------------------------------------------


async def cached(key, limiter: redis.Redis):
    # ruleid: archguard-blocking-redis
    cache.get(key)
    # ruleid: archguard-blocking-redis
    limiter.incr(key)
    # ok: archguard-blocking-redis
    cache.pipeline()
    # ok: archguard-blocking-redis
    await asyncio.to_thread(cache.get, key)


def cached_in_a_thread(key):
    # ok: archguard-blocking-redis
    return cache.get(key)


# --- archguard-blocking-sdk -----------------------------------------------------------------------------


async def upload(body, messages):
    # ruleid: archguard-blocking-sdk
    bucket_client.put_object(Bucket="invoices", Key="1", Body=body)
    # ruleid: archguard-blocking-sdk
    completions.chat.completions.create(model="small", messages=messages)
    # ok: archguard-blocking-sdk
    bucket_client.generate_presigned_url("get_object", Params={})
    # ok: archguard-blocking-sdk
    await acompletions.chat.completions.create(model="small", messages=messages)
    # ok: archguard-blocking-sdk
    await asyncio.to_thread(bucket_client.put_object, Bucket="invoices", Key="1", Body=body)


# --- archguard-blocking-socket --------------------------------------------------------------------------


async def resolve(host):
    # ruleid: archguard-blocking-socket
    socket.getaddrinfo(host, 443)
    # ruleid: archguard-blocking-socket
    socket.create_connection((host, 443), timeout=2)
    # ok: archguard-blocking-socket
    await asyncio.get_running_loop().getaddrinfo(host, 443)
    # ok: archguard-blocking-socket
    socket.gethostname()


# --- archguard-blocking-mail ----------------------------------------------------------------------------


async def send(message):
    # ruleid: archguard-blocking-mail
    with smtplib.SMTP("mail.example.org", 25, timeout=5) as server:
        server.send_message(message)
    # ok: archguard-blocking-mail
    unconnected = smtplib.SMTP()
    return unconnected


# --- archguard-blocking-thread-wait ---------------------------------------------------------------------


async def next_job(coroutine, pool: concurrent.futures.Executor, task: asyncio.Task, parts: list):
    # ruleid: archguard-blocking-thread-wait
    jobs.get()
    # ruleid: archguard-blocking-thread-wait
    jobs.get(timeout=1)
    # ruleid: archguard-blocking-thread-wait
    stopped.wait()
    # ruleid: archguard-blocking-thread-wait
    asyncio.run_coroutine_threadsafe(coroutine, asyncio.new_event_loop()).result()
    future = pool.submit(sum, [1])
    # ruleid: archguard-blocking-thread-wait
    future.result()
    # ok: archguard-blocking-thread-wait
    await ajobs.get()
    # ok: archguard-blocking-thread-wait
    jobs.get(block=False)
    # ok: archguard-blocking-thread-wait
    jobs.get_nowait()
    if not jobs.empty():
        # ok: archguard-blocking-thread-wait
        jobs.get()
    # ok: archguard-blocking-thread-wait
    task.result()
    # ok: archguard-blocking-thread-wait
    ", ".join(parts)


# --- archguard-blocking-file ----------------------------------------------------------------------------


async def export(folder: Path):
    # ruleid: archguard-blocking-file
    with open("export.csv") as file:
        file.read()
    # ruleid: archguard-blocking-file
    Path("export.csv").read_text()
    # ruleid: archguard-blocking-file
    shutil.rmtree(folder)
    # ruleid: archguard-blocking-file
    (folder).write_bytes(b"")
    # ok: archguard-blocking-file
    await asyncio.to_thread(list, folder.glob("*"))
    # ok: archguard-blocking-file
    Path("export.csv").exists()


@app.on_event("startup")
async def read_certificates():
    # ok: archguard-blocking-file
    open("certificates.pem")


# --- archguard-nested-event-loop ------------------------------------------------------------------------


async def total(coroutine):
    # ruleid: archguard-nested-event-loop
    asyncio.run(coroutine)
    loop = asyncio.get_event_loop()
    # ruleid: archguard-nested-event-loop
    loop.run_until_complete(coroutine)

    def in_a_thread():
        # ok: archguard-nested-event-loop
        asyncio.run(coroutine)

    await asyncio.to_thread(in_a_thread)


def command(coroutine):
    # ok: archguard-nested-event-loop
    asyncio.run(coroutine)


# --- archguard-thread-lock-across-await -----------------------------------------------------------------


async def reserve():
    # ruleid: archguard-thread-lock-across-await
    with guard:
        await asyncio.sleep(1)
    # ok: archguard-thread-lock-across-await
    with guard:
        cached_in_a_thread("count")
    # ok: archguard-thread-lock-across-await
    async with aguard:
        await asyncio.sleep(1)
    # ok: archguard-thread-lock-across-await
    with guard.locked() as log:
        await asyncio.sleep(1)
    return log


class Stock:
    def __init__(self):
        self.lock = threading.RLock()

    async def take(self, client):
        # ruleid: archguard-thread-lock-across-await
        with self.lock:
            if self.take:
                await client.post("/stock")


# --- archguard-password-hash-on-loop --------------------------------------------------------------------


@app.post("/login")
async def login(password: bytes, stored: bytes):
    # ruleid: archguard-password-hash-on-loop
    bcrypt.checkpw(password, stored)
    # ruleid: archguard-password-hash-on-loop
    passwords.verify(password, stored)
    # ruleid: archguard-password-hash-on-loop
    argon.hash(password)
    # ok: archguard-password-hash-on-loop
    await asyncio.to_thread(bcrypt.checkpw, password, stored)


@app.post("/register")
def register(password: bytes):
    # ok: archguard-password-hash-on-loop
    return bcrypt.hashpw(password, bcrypt.gensalt())


# --- archguard-blocking-input ---------------------------------------------------------------------------


async def confirm():
    # ruleid: archguard-blocking-input
    input("Continue? ")
    # ok: archguard-blocking-input
    await asyncio.to_thread(input, "Continue? ")
