import asyncio

from fastapi import FastAPI

app = FastAPI()


async def notify(user: str) -> None:
    await asyncio.sleep(1)


@app.post("/users/{user}")
async def create(user: str) -> dict[str, str]:
    asyncio.create_task(notify(user))  # expect: AG0905 high
    return {"user": user}


@app.delete("/users/{user}")
async def delete(user: str) -> dict[str, str]:
    task = asyncio.ensure_future(notify(user))  # expect: AG0905 high
    return {"user": user}


@app.get("/users/{user}")
async def read(user: str) -> dict[str, str]:
    loop = asyncio.get_running_loop()
    loop.create_task(notify(user))  # expect: AG0905 high
    asyncio.gather(notify(user), notify("admin"))  # expect: AG0905 high
    return {"user": user}
