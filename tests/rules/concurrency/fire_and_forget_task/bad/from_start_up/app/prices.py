from asyncio import create_task, sleep


class Poller:
    def start(self) -> None:
        create_task(self._poll())  # expect: AG0905 high

    async def _poll(self) -> None:
        while True:
            await sleep(5)


async def refresh() -> None:
    """Nothing seen here calls it."""
    create_task(Poller()._poll())  # expect: AG0905 medium
