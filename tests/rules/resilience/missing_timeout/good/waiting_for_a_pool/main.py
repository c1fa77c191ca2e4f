import asyncpg
from fastapi import FastAPI

app = FastAPI()


async def connect():
    app.state.pool = await asyncpg.create_pool("postgres://db/shop", command_timeout=5)


@app.get("/orders")
async def orders(pool: asyncpg.Pool):
    async with pool.acquire() as connection:
        return await connection.fetch("SELECT * FROM orders")
