from contextlib import asynccontextmanager

import aiomysql
import asyncpg
from fastapi import FastAPI

pool: asyncpg.Pool | None = None


@asynccontextmanager
async def lifespan(app):
    global pool
    pool = await asyncpg.create_pool("postgres://db/shop", command_timeout=5)  # expect: AG0602 medium
    async with pool.acquire() as connection:
        await connection.execute("SELECT 1")
    yield


app = FastAPI(lifespan=lifespan)


@app.get("/orders")
async def orders():
    async with pool.acquire() as connection:
        return await connection.fetch("SELECT * FROM orders")


@app.get("/total")
async def total():
    return await pool.fetchval("SELECT count(*) FROM orders", timeout=5)


class Words:
    def __init__(self, words: aiomysql.Pool):
        self.words = words

    async def all(self):
        async with self.words.acquire() as connection:  # expect: AG0602
            return connection


@app.get("/words")
async def words():
    return await Words(app.state.words).all()
