import asyncio
import functools
from collections.abc import AsyncIterator


def in_background(function):
    @functools.wraps(function)
    def start(*args):
        return asyncio.get_running_loop().call_soon(asyncio.ensure_future, function(*args))

    return start


async def notify(text: str) -> None:
    print(text)


@in_background
async def report(text: str) -> None:
    print(text)


async def rows() -> AsyncIterator[int]:
    yield 1


class Base:
    async def send(self) -> None:
        print("base")


class Plain(Base):
    def send(self) -> None:
        print("plain")


def passed_on():
    return notify("somebody awaits it")


async def main(base: Base) -> None:
    await notify("a")
    coroutine = notify("b")
    await coroutine
    await asyncio.gather(notify("c"), notify("d"))
    tasks = [notify("e")]
    tasks.append(notify("f"))
    await asyncio.gather(*tasks)
    report("a decorator runs it")
    rows()
    base.send()
