import asyncio
import time
from contextlib import asynccontextmanager

import click
from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app: FastAPI):
    time.sleep(0.1)
    yield


app = FastAPI(lifespan=lifespan)


@app.on_event("startup")
async def warm_up() -> None:
    time.sleep(1)


async def import_prices() -> None:
    time.sleep(1)


@click.command()
def prices() -> None:
    time.sleep(1)
    asyncio.run(import_prices())


if __name__ == "__main__":
    asyncio.run(import_prices())
