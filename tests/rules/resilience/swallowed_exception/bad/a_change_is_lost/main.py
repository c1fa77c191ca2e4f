import contextlib
import smtplib

from celery import Celery
from fastapi import Depends, FastAPI
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from store import Connection, Orders, get_session

app = FastAPI()
celery = Celery()


@app.post("/orders")
def create(item: str, session: Session = Depends(get_session)) -> dict[str, str]:
    try:
        session.add(item)
        session.commit()
    except SQLAlchemyError:  # expect: AG0606 high
        session.rollback()
    return {"status": "created"}


@app.delete("/orders/{number}")
async def delete(number: int, orders: Orders = Depends(Orders)) -> None:
    try:
        orders.find(number)
        orders.remove(number)
    except:  # expect: AG0606 high
        pass


@app.patch("/orders/{number}")
async def change(number: int, connection: Connection = Depends(Connection)) -> None:
    with contextlib.suppress(Exception):  # expect: AG0606 high
        await connection.execute("UPDATE orders SET state = 'paid' WHERE number = :number")


@app.post("/words")
def words(session: Session = Depends(get_session)) -> None:
    for word in ("a", "b"):
        try:
            session.execute(text("INSERT INTO words (word) VALUES ('a')"))
        except (ValueError, Exception):  # expect: AG0606 high
            continue


@celery.task
def send(address: str) -> None:
    try:
        smtplib.SMTP("mail", timeout=3).sendmail("us", address, "hello")
    except Exception:  # expect: AG0606 medium
        return
