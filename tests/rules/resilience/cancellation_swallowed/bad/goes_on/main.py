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


async def main() -> None:
    await bare()
    await base()
    await narrow()
    await entered(asyncio.Lock())
