import asyncio


async def fetch() -> str:
    return ""


async def bare() -> None:
    while True:
        try:
            await fetch()
        except:  # expect: AG0607 high
            print("again")


async def base() -> str:
    try:
        return await fetch()
    except BaseException as error:  # expect: AG0607 high
        print(error)
        return ""


async def narrow() -> str:
    try:
        await fetch()
    except asyncio.CancelledError:  # expect: AG0607 medium
        print("cancelled")
    return await fetch()


async def entered(lock: asyncio.Lock) -> None:
    try:
        async with lock:
            print("held")
    except (ValueError, BaseException):  # expect: AG0607
        pass


async def answers_as_if_it_had_failed() -> str:
    try:
        return await fetch()
    except asyncio.CancelledError:  # expect: AG0607 medium
        return "failed"


async def turns_on() -> None:
    while True:
        try:
            await fetch()
        except asyncio.CancelledError:  # expect: AG0607 medium
            continue


async def leaves_only_the_inner_loop() -> None:
    while True:
        for _ in range(3):
            try:
                await fetch()
            except asyncio.CancelledError:  # expect: AG0607 medium
                break


async def main() -> None:
    asyncio.create_task(turns_on())
    await answers_as_if_it_had_failed()
    await leaves_only_the_inner_loop()
    await bare()
    await base()
    await narrow()
    await entered(asyncio.Lock())
