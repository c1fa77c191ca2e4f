from fastapi import FastAPI

from app import rates

app = FastAPI()


@app.get("/rates")
def show() -> dict:
    return rates.TODAY
