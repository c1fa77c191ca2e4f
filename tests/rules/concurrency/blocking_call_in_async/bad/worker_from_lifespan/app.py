import asyncio
import time
from contextlib import asynccontextmanager

from fastapi import FastAPI


def poll_exchange() -> None:
    time.sleep(5)  # expect: AG0901 high


async def price_worker() -> None:
    while True:
        poll_exchange()
        await asyncio.sleep(1)


@asynccontextmanager
async def lifespan(app: FastAPI):
    time.sleep(0.1)
    task = asyncio.create_task(price_worker())
    yield
    task.cancel()


app = FastAPI(lifespan=lifespan)
