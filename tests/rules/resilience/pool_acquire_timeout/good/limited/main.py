import asyncio
from contextlib import asynccontextmanager

import asyncpg
from fastapi import FastAPI
from psycopg_pool import AsyncConnectionPool

pool: asyncpg.Pool | None = None
other = AsyncConnectionPool("postgres://db/shop")


@asynccontextmanager
async def lifespan(app):
    global pool
    pool = await asyncpg.create_pool("postgres://db/shop", command_timeout=5)
    async with pool.acquire() as connection:
        await connection.execute("SELECT 1")
    yield


app = FastAPI(lifespan=lifespan)


@app.get("/orders")
async def orders():
    async with pool.acquire(timeout=5) as connection:
        return await connection.fetch("SELECT * FROM orders")


@app.get("/total")
async def total():
    async with asyncio.timeout(5):
        return await pool.fetchval("SELECT count(*) FROM orders")


@app.get("/others")
async def others():
    async with other.connection() as connection:
        return connection
