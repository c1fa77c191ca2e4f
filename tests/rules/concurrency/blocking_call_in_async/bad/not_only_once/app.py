import functools
from collections.abc import Iterator

import requests
from fastapi import FastAPI
from fastapi.responses import StreamingResponse

app = FastAPI()
_rates: dict | None = None
_stale = True


def rates() -> dict:
    global _rates
    if _rates is None or _stale:
        _rates = requests.get("https://rates.example", timeout=3).json()  # expect: AG0901 high
    return _rates


@functools.lru_cache(maxsize=100)
def price(symbol: str) -> dict:
    return requests.get(f"https://prices.example/{symbol}", timeout=3).json()  # expect: AG0901 high


def symbols() -> Iterator[str]:
    yield from requests.get("https://symbols.example", timeout=3).json()  # expect: AG0901 high


@app.get("/")
async def root(symbol: str) -> dict:
    return {"rates": rates(), "price": price(symbol), "symbols": [each for each in symbols()]}


async def lines(symbol: str):
    yield requests.get(f"https://news.example/{symbol}", timeout=3).text  # expect: AG0901 high


@app.get("/news")
async def news(symbol: str) -> StreamingResponse:
    return StreamingResponse(lines(symbol))
