import asyncpg


class Database:
    async def connect(self) -> None:
        self.pool = await asyncpg.create_pool("postgres://db/shop", command_timeout=5)  # expect: AG0602

    async def rows(self, query: str) -> list[asyncpg.Record]:
        async with self.pool.acquire() as connection:
            return await connection.fetch(query)
