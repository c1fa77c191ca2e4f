import socket
import subprocess

import aiohttp
import asyncpg
import httpx
import psycopg2
import redis.asyncio
import requests
from fastapi import FastAPI
from pydantic_settings import BaseSettings

TIMEOUT = (3.05, 10)


class Settings(BaseSettings):
    http_timeout: float = 5.0


settings = Settings()
app = FastAPI()
session = requests.Session()
OPTIONS = {"timeout": 5}
cache = redis.asyncio.from_url("redis://cache.example/0", socket_timeout=2)
pooled = redis.asyncio.Redis(connection_pool=redis.asyncio.ConnectionPool(socket_timeout=2))
connection = psycopg2.connect("host=db.example connect_timeout=3")


@app.get("/given")
def given(seconds: float) -> list[str]:
    options = dict(timeout=TIMEOUT)
    return [
        requests.get("https://a.example", timeout=TIMEOUT).text,
        requests.get("https://a.example", timeout=settings.http_timeout).text,
        requests.get("https://a.example", timeout=seconds).text,
        requests.get("https://a.example", **options).text,
        session.post("https://a.example", **{"timeout": 1}).text,
        httpx.get("https://a.example").text,
        httpx.get("https://a.example", timeout=httpx.Timeout(10, read=None)).text,
    ]


@app.get("/defaults")
async def have_a_default() -> None:
    async with aiohttp.ClientSession(timeout=None) as client, httpx.AsyncClient() as other:
        await client.get("https://a.example")
        await other.get("https://a.example")
        async with other.stream("GET", "https://a.example/events", timeout=None) as events:
            print(events)


@app.post("/stop")
def stop(command: str) -> None:
    process = subprocess.Popen([command])
    process.kill()
    process.wait()


@app.get("/socket")
def connects() -> None:
    socket.create_connection(("a.example", 80), 5)


async def make_pool() -> asyncpg.Pool:
    return await asyncpg.create_pool("postgres://db.example/app", command_timeout=30)
