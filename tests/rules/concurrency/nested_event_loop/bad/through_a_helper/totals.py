import asyncio


async def total() -> int:
    return 1


def total_now() -> int:
    return in_a_helper()


def in_a_helper() -> int:
    return asyncio.run(total())  # expect: AG0910 high
