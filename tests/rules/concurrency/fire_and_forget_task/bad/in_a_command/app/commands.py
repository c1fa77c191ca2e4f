import asyncio

import click


async def warm(name: str) -> None:
    await asyncio.sleep(1)


@click.command()
def once() -> None:
    asyncio.run(run())


async def run() -> None:
    asyncio.create_task(warm("cache"))  # expect: AG0905 medium
    print("started")
