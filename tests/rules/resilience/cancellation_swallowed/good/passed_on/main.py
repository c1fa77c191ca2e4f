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


async def leaves_its_loop() -> None:
    while True:
        try:
            await fetch()
        except asyncio.CancelledError:
            break


async def stops_its_loop() -> None:
    running = True
    while running:
        try:
            await fetch()
        except asyncio.CancelledError:
            running = False


async def ends_with_it() -> None:
    try:
        await fetch()
    except asyncio.CancelledError:
        print("client is gone")
    finally:
        print("closed")


async def ends_in_its_branch(shielded: bool) -> None:
    if shielded:
        try:
            await fetch()
        except asyncio.CancelledError:
            print("client is gone")
    else:
        await fetch()


async def answers_nobody() -> str:
    try:
        return await fetch()
    except asyncio.CancelledError:
        return ""


def sync() -> None:
    try:
        print("no coroutine")
    except BaseException:
        print("failed")


async def main() -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(ends_as_a_task())
        group.create_task(answers_nobody())
    await leaves_its_loop()
    await stops_its_loop()
    await ends_with_it()
    await ends_in_its_branch(True)
    await again()
