import asyncio
import threading
import time
from pathlib import Path

import httpx
from fastapi import FastAPI

app = FastAPI()
lock = threading.Lock()
queue: asyncio.Queue = asyncio.Queue()


class Client:
    def get(self, url: str) -> str:
        return url


@app.get("/")
async def root():
    time.sleep(0)
    if lock.acquire(blocking=False):
        lock.release()
    await asyncio.sleep(1)
    await queue.get()
    requests = Client()
    requests.get("local")
    async with httpx.AsyncClient() as client:
        await client.get("https://example.org")
    return Path("a") / "b"
