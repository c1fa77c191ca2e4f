import asyncio

import click


async def warm(name: str) -> None:
    await asyncio.sleep(1)


@click.command()
def once() -> None:
    asyncio.run(run())


async def run() -> None:
    asyncio.create_task(warm("cache"))
    await asyncio.sleep(2)
