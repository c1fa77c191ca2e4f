import asyncio

import aiohttp
from fastapi import FastAPI

app = FastAPI()


async def read(client: aiohttp.ClientSession) -> str:
    answer = await client.get("https://a.example", timeout=None)
    return await answer.text()


@app.get("/here")
async def here(client: aiohttp.ClientSession) -> None:
    async with asyncio.timeout(5):
        await client.get("https://a.example", timeout=None)
    await asyncio.wait_for(client.get("https://a.example", timeout=None), timeout=5)
    await asyncio.wait_for(asyncio.open_connection("a.example", 80), 5)


@app.get("/caller")
async def caller(client: aiohttp.ClientSession) -> str:
    async with asyncio.timeout(5):
        return await read(client)
