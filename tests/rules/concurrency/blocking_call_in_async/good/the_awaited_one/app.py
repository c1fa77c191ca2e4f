import httpx
from fastapi import FastAPI

app = FastAPI()


class Client:
    def __init__(self) -> None:
        self.http = httpx.AsyncClient()

    async def read(self, name: str) -> dict:
        return (await self.http.get(name)).json()


class SyncClient:
    def __init__(self) -> None:
        self.http = httpx.Client()

    def read(self, name: str) -> dict:
        return self.http.get(name).json()


def client(sync: bool = False) -> Client | SyncClient:
    return SyncClient() if sync else Client()


@app.get("/")
async def root(name: str) -> dict:
    return await client().read(name)
