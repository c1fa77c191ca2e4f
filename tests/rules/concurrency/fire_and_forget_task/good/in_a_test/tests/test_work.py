import asyncio


async def work() -> None:
    await asyncio.sleep(0)


async def test_work_runs_beside() -> None:
    asyncio.create_task(work())
    await asyncio.sleep(0)
