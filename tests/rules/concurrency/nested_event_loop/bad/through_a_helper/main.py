import asyncio

from fastapi import FastAPI

from totals import total_now

app = FastAPI()


async def count() -> int:
    return 1


@app.get("/total")
async def show() -> int:
    return total_now()


@app.get("/count")
async def show_count() -> int:
    return asyncio.run(count())  # expect: AG0910 high


async def nobody_known_calls_it() -> int:
    loop = asyncio.new_event_loop()
    return loop.run_until_complete(count())  # expect: AG0910
