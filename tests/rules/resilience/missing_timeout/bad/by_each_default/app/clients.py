import smtplib
import socket
import urllib.request

import aiohttp
import asyncpg
import httpx
import requests
from fastapi import FastAPI

app = FastAPI()
session = requests.Session()
NO_LIMIT = None
MAIL = {"host": "mail.example", "port": 25}


@app.post("/session")
def uses_a_session() -> str:
    options = {"headers": {"accept": "text/plain"}}
    return session.post("https://a.example", **options).text  # expect: AG0601 high


@app.get("/constant")
def constant_is_none() -> str:
    return httpx.get("https://a.example", timeout=NO_LIMIT).text  # expect: AG0601 high


@app.get("/urllib")
def urllib_has_none() -> bytes:
    return urllib.request.urlopen("https://a.example").read()  # expect: AG0601 high


@app.post("/mail")
def mail() -> None:
    with smtplib.SMTP("mail.example", 25) as server:  # expect: AG0601 high
        server.sendmail("a@a.example", ["b@a.example"], "hello")


@app.get("/socket")
def connects() -> None:
    socket.create_connection(("a.example", 80))  # expect: AG0601 high


@app.get("/aiohttp")
async def switched_off() -> str:
    limit = aiohttp.ClientTimeout(connect=5)
    async with aiohttp.ClientSession(timeout=limit) as client:  # expect: AG0601 high
        async with client.get("https://a.example") as answer:
            return await answer.text()


@app.get("/request")
async def switched_off_once() -> str:
    async with aiohttp.ClientSession() as client:
        async with client.get("https://a.example", timeout=None) as answer:  # expect: AG0601 high
            return await answer.text()


async def make_pool() -> asyncpg.Pool:
    return await asyncpg.create_pool("postgres://db.example/app")  # expect: AG0601 medium
