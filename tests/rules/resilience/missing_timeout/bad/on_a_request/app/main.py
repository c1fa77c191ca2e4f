import requests
from fastapi import FastAPI

from app.rates import current_rate

app = FastAPI()


@app.get("/weather")
def weather() -> dict[str, object]:
    return requests.get("https://weather.example/today").json()  # expect: AG0601 high


@app.get("/price")
async def price() -> dict[str, float]:
    return {"price": 3 * await current_rate()}
