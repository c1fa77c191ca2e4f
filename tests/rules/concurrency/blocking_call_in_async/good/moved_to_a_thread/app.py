import asyncio
import functools
import time
from concurrent.futures import ThreadPoolExecutor

import requests
from fastapi import BackgroundTasks, FastAPI
from starlette.concurrency import run_in_threadpool

app = FastAPI()
pool = ThreadPoolExecutor()


def latest(symbol: str, depth: int = 1) -> dict:
    return requests.get(symbol, timeout=3).json()


@app.get("/a")
async def a(symbol: str, background: BackgroundTasks):
    background.add_task(latest, symbol)
    loop = asyncio.get_running_loop()
    await loop.run_in_executor(None, latest, symbol)
    await loop.run_in_executor(pool, functools.partial(latest, symbol, depth=2))
    await loop.run_in_executor(pool, lambda: time.sleep(1))
    await run_in_threadpool(latest, symbol)
    return await asyncio.to_thread(latest, symbol)


@app.get("/b")
def b(symbol: str):
    return latest(symbol)
