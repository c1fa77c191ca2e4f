from fastapi import FastAPI

from database import Database

app = FastAPI()
database = Database()


@app.get("/orders")
async def orders():
    return await database.rows("SELECT * FROM orders")
