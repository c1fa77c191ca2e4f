# Cases of missing-timeouts.yml for `semgrep --test`: never run, only matched.
import asyncio
import functools
import imaplib
import smtplib
import socket
import subprocess
import urllib.request

import aiohttp
import anyio
import asyncpg
import backoff
import grpc
import httpx
import ldap3
import paramiko
import psycopg
import psycopg2
import redis
import redis.asyncio
import requests
import tenacity
from requests import Session

from shop.settings import settings
from shop.stubs import stock_pb2_grpc

http = requests.Session()
patched = requests.Session()
patched.request = functools.partial(patched.request, timeout=5)
mounted = requests.Session()
mounted.mount("https://", settings.adapter)
aclient = httpx.AsyncClient()


# --- archguard-requests-without-timeout -----------------------------------------------------------------


def rates(url, options, self):
    # ruleid: archguard-requests-without-timeout
    requests.get(url)
    # ruleid: archguard-requests-without-timeout
    requests.post(url, json={})
    # ruleid: archguard-requests-without-timeout
    http.get(url)
    with Session() as session:
        # ruleid: archguard-requests-without-timeout
        session.put(url, data=b"")
    # ok: archguard-requests-without-timeout
    requests.get(url, timeout=settings.timeout)
    # ok: archguard-requests-without-timeout
    requests.get(url, **options)
    # ok: archguard-requests-without-timeout
    http.get(url, timeout=(1, 5))
    # ok: archguard-requests-without-timeout
    mounted.get(url)
    # ok: archguard-requests-without-timeout
    patched.get(url)
    # ok: archguard-requests-without-timeout
    self.requests.get(url)
    # ok: archguard-requests-without-timeout
    httpx.get(url)


def rates_of_another_library(url):
    from curl_cffi import requests

    # ok: archguard-requests-without-timeout
    return requests.get(url)


class Rates:
    def __init__(self):
        self.session = requests.Session()
        self.adapted = requests.Session()
        self.adapted.mount("https://", settings.adapter)

    def read(self, url):
        # ruleid: archguard-requests-without-timeout
        self.session.get(url)
        # ok: archguard-requests-without-timeout
        self.adapted.get(url)


# --- archguard-timeout-switched-off ---------------------------------------------------------------------


async def quotes(url):
    # ruleid: archguard-timeout-switched-off
    await aclient.get(url, timeout=None)
    # ruleid: archguard-timeout-switched-off
    httpx.get(url, timeout=None)
    # ruleid: archguard-timeout-switched-off
    requests.get(url, timeout=None)
    # ruleid: archguard-timeout-switched-off
    patient = httpx.AsyncClient(timeout=None)
    # ruleid: archguard-timeout-switched-off
    limits = aiohttp.ClientTimeout(total=None)
    # ruleid: archguard-timeout-switched-off
    aiohttp.ClientSession(timeout=None)
    # ok: archguard-timeout-switched-off
    await aclient.get(url)
    # ok: archguard-timeout-switched-off
    httpx.AsyncClient()
    # ok: archguard-timeout-switched-off
    aiohttp.ClientTimeout(total=None, sock_connect=5, sock_read=30)
    # ok: archguard-timeout-switched-off
    async with aclient.stream("GET", url, timeout=None) as response:
        await response.aread()
    async with asyncio.timeout(5):
        # ok: archguard-timeout-switched-off
        await aclient.get(url, timeout=None)
    # ok: archguard-timeout-switched-off
    await asyncio.wait_for(aclient.get(url, timeout=None), 5)
    return patient, limits


# --- archguard-urlopen-without-timeout ------------------------------------------------------------------


def page(url, data):
    # ruleid: archguard-urlopen-without-timeout
    urllib.request.urlopen(url)
    # ruleid: archguard-urlopen-without-timeout
    urllib.request.urlopen(url, data)
    # ok: archguard-urlopen-without-timeout
    urllib.request.urlopen(url, data, 5)
    # ok: archguard-urlopen-without-timeout
    urllib.request.urlopen(url, timeout=5)


# --- archguard-mail-without-timeout ---------------------------------------------------------------------


def mail(host):
    # ruleid: archguard-mail-without-timeout
    smtplib.SMTP(host, 25)
    # ruleid: archguard-mail-without-timeout
    imaplib.IMAP4_SSL(host)
    # ok: archguard-mail-without-timeout
    smtplib.SMTP(host, 25, timeout=5)
    # ok: archguard-mail-without-timeout
    smtplib.SMTP(host, 25, "shop", 5)
    # ok: archguard-mail-without-timeout
    smtplib.SMTP(host, **settings.mail)


# --- archguard-socket-without-timeout -------------------------------------------------------------------


async def connect(host):
    # ruleid: archguard-socket-without-timeout
    socket.create_connection((host, 80))
    # ok: archguard-socket-without-timeout
    socket.create_connection((host, 80), 5)
    # ok: archguard-socket-without-timeout
    socket.create_connection((host, 80), timeout=5)
    # ruleid: archguard-socket-without-timeout
    reader, writer = await asyncio.open_connection(host, 80)
    # ok: archguard-socket-without-timeout
    reader, writer = await asyncio.wait_for(asyncio.open_connection(host, 80), 5)
    async with asyncio.timeout(5):
        # ok: archguard-socket-without-timeout
        reader, writer = await asyncio.open_connection(host, 80)
    return reader, writer


# --- archguard-process-without-timeout ------------------------------------------------------------------


def convert(path, options):
    # ruleid: archguard-process-without-timeout
    subprocess.run(["convert", path], check=True)
    # ok: archguard-process-without-timeout
    subprocess.run(["convert", path], check=True, timeout=10)
    # ok: archguard-process-without-timeout
    subprocess.run(["convert", path], **options)
    # ok: archguard-process-without-timeout
    subprocess.Popen(["convert", path])


# --- archguard-redis-without-timeout --------------------------------------------------------------------


def caches(pool, options):
    # ruleid: archguard-redis-without-timeout
    redis.Redis(host="cache", port=6379)
    # ruleid: archguard-redis-without-timeout
    redis.asyncio.from_url("redis://cache:6379/0")
    # ok: archguard-redis-without-timeout
    redis.Redis(host="cache", socket_timeout=1)
    # ok: archguard-redis-without-timeout
    redis.from_url("redis://cache:6379/0?socket_timeout=1")
    # ok: archguard-redis-without-timeout
    redis.from_url(settings.redis_url)
    # ok: archguard-redis-without-timeout
    redis.Redis(connection_pool=pool)
    # ok: archguard-redis-without-timeout
    redis.Redis(host="cache", **options)


# --- archguard-database-connect-without-timeout ---------------------------------------------------------


def databases(options):
    # ruleid: archguard-database-connect-without-timeout
    psycopg2.connect(host="db", dbname="shop")
    # ruleid: archguard-database-connect-without-timeout
    psycopg.connect("host=db dbname=shop")
    # ok: archguard-database-connect-without-timeout
    psycopg2.connect(host="db", dbname="shop", connect_timeout=5)
    # ok: archguard-database-connect-without-timeout
    psycopg.connect("host=db dbname=shop connect_timeout=5")
    # ok: archguard-database-connect-without-timeout
    psycopg.connect(settings.dsn)
    # ok: archguard-database-connect-without-timeout
    psycopg2.connect(host="db", **options)


# --- archguard-asyncpg-without-command-timeout, archguard-pool-acquire-without-timeout ------------------


async def pools(dsn):
    # ruleid: archguard-asyncpg-without-command-timeout
    pool = await asyncpg.create_pool(dsn)
    # ok: archguard-asyncpg-without-command-timeout
    limited = await asyncpg.create_pool(dsn, command_timeout=30)
    # ok: archguard-asyncpg-without-command-timeout
    served = await asyncpg.create_pool(dsn, server_settings={"statement_timeout": "30s"})
    # ruleid: archguard-pool-acquire-without-timeout
    async with pool.acquire() as connection:
        await connection.fetch("SELECT 1")
    # ok: archguard-pool-acquire-without-timeout
    async with limited.acquire(timeout=2) as connection:
        await connection.fetch("SELECT 1")
    async with asyncio.timeout(2):
        # ok: archguard-pool-acquire-without-timeout
        connection = await served.acquire()
    return connection


async def locked(lock: asyncio.Lock):
    # ok: archguard-pool-acquire-without-timeout
    await lock.acquire()


# --- archguard-wait-for-without-limit -------------------------------------------------------------------


async def wait(job, limit):
    # ruleid: archguard-wait-for-without-limit
    await asyncio.wait_for(job, None)
    # ruleid: archguard-wait-for-without-limit
    await asyncio.wait_for(job, timeout=None)
    # ok: archguard-wait-for-without-limit
    await asyncio.wait_for(job, 5)
    # ok: archguard-wait-for-without-limit
    await asyncio.wait_for(job, timeout=limit)
    # ok: archguard-wait-for-without-limit
    with anyio.fail_after(limit):
        await job


# --- archguard-grpc-call-without-deadline ---------------------------------------------------------------


def stock(channel: grpc.Channel, request, options):
    stub = stock_pb2_grpc.StockStub(channel)
    # ruleid: archguard-grpc-call-without-deadline
    stub.Reserve(request)
    # ok: archguard-grpc-call-without-deadline
    stub.Reserve(request, timeout=2)
    # ok: archguard-grpc-call-without-deadline
    stub.Reserve(request, **options)
    # ok: archguard-grpc-call-without-deadline
    for change in stub.Watch(request):
        print(change)


async def payments(channel: grpc.aio.Channel, request):
    stub = stock_pb2_grpc.PaymentStub(channel)
    # ruleid: archguard-grpc-call-without-deadline
    await stub.Pay(request)
    # ok: archguard-grpc-call-without-deadline
    payments = stub.Track(request)
    async for payment in payments:
        print(payment)


# --- archguard-ssh-without-timeout ----------------------------------------------------------------------


def remote(host):
    client = paramiko.SSHClient()
    # ruleid: archguard-ssh-without-timeout
    client.connect(host)
    # ok: archguard-ssh-without-timeout
    client.connect(host, timeout=5)
    # ruleid: archguard-ssh-without-timeout
    ldap3.Server(host)
    # ok: archguard-ssh-without-timeout
    ldap3.Server(host, connect_timeout=5)


# --- archguard-task-result-without-timeout --------------------------------------------------------------


def invoice(task, cache):
    # ruleid: archguard-task-result-without-timeout
    task.delay(1).get()
    result = task.apply_async(args=[1])
    # ruleid: archguard-task-result-without-timeout
    result.get()
    # ok: archguard-task-result-without-timeout
    result.get(timeout=10)
    # ok: archguard-task-result-without-timeout
    cache.get()


# --- archguard-endless-retry ----------------------------------------------------------------------------


# ruleid: archguard-endless-retry
@tenacity.retry
def charge():
    pass


# ruleid: archguard-endless-retry
@tenacity.retry(wait=tenacity.wait_fixed(1))
def refund():
    pass


# ok: archguard-endless-retry
@tenacity.retry(stop=tenacity.stop_after_attempt(3), wait=tenacity.wait_exponential())
def capture():
    pass


# ruleid: archguard-endless-retry
@backoff.on_exception(backoff.expo, OSError)
def settle():
    pass


# ok: archguard-endless-retry
@backoff.on_exception(backoff.expo, OSError, max_tries=3)
def payout():
    pass
