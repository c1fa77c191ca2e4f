import asyncio
import threading

from fastapi import FastAPI

app = FastAPI()


async def total() -> int:
    return 1


def in_a_helper() -> int:
    return asyncio.run(total())


def asks_first() -> int:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(total())
    return 0


@app.get("/report")
def report() -> int:
    return asyncio.run(total())  # a thread of the pool


@app.get("/threaded")
async def threaded() -> int:
    threading.Thread(target=in_a_helper).start()
    asks_first()
    return await asyncio.to_thread(in_a_helper)


if __name__ == "__main__":
    asyncio.run(total())
