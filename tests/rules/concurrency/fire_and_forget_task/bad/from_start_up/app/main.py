import asyncio
from contextlib import asynccontextmanager

from fastapi import FastAPI

from app.prices import Poller


@asynccontextmanager
async def lifespan(app: FastAPI):
    Poller().start()
    yield


app = FastAPI(lifespan=lifespan)
