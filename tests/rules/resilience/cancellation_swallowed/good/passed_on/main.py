import asyncio


async def fetch() -> str:
    return ""


async def again() -> None:
    try:
        await fetch()
    except asyncio.CancelledError:
        print("closing")
        raise
    except BaseException:
        print("an error that is no cancellation")


async def only_errors() -> None:
    try:
        await fetch()
    except Exception:
        print("failed")


async def nothing_is_awaited() -> int:
    try:
        return int("1")
    except:
        return 0


async def cancelled_here() -> None:
    task = asyncio.create_task(fetch())
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        pass


async def handed_on(future: asyncio.Future) -> None:
    try:
        await fetch()
    except BaseException as error:
        future.set_exception(error)


async def ends_as_a_task() -> None:
    try:
        while True:
            await fetch()
    except asyncio.CancelledError:
        print("stopped")


def sync() -> None:
    try:
        print("no coroutine")
    except BaseException:
        print("failed")


async def main() -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(ends_as_a_task())
    await again()
