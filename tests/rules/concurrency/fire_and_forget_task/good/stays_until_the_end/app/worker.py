import asyncio


async def beat() -> None:
    while True:
        await asyncio.sleep(10)


async def serve() -> None:
    heart = asyncio.create_task(beat())
    while True:
        await asyncio.sleep(1)
