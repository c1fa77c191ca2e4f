import asyncio
from contextlib import asynccontextmanager

from fastapi import FastAPI

running: set[asyncio.Task[None]] = set()
latest: asyncio.Task[None] | None = None


async def work(name: str) -> None:
    await asyncio.sleep(1)


@asynccontextmanager
async def lifespan(app: FastAPI):
    poller = asyncio.create_task(work("poll"))
    app.state.cleaner = asyncio.create_task(work("clean"))
    yield


app = FastAPI(lifespan=lifespan)


@app.post("/set")
async def kept_in_a_set() -> None:
    task = asyncio.create_task(work("set"))
    running.add(task)
    task.add_done_callback(running.discard)


@app.post("/awaited")
async def awaited() -> None:
    first = asyncio.create_task(work("first"))
    await work("second")
    await first
    await asyncio.gather(work("a"), work("b"))


@app.post("/group")
async def grouped() -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(work("grouped"))


@app.post("/callback")
async def watched() -> None:
    asyncio.create_task(work("watched")).add_done_callback(print)


@app.post("/global")
async def kept_globally() -> None:
    global latest
    latest = asyncio.create_task(work("latest"))


@app.post("/returned")
async def tried() -> None:
    task = asyncio.create_task(work("tried"))
    if not task.done():
        await asyncio.sleep(0)


def started(name: str) -> asyncio.Task[None]:
    return asyncio.create_task(work(name))
