from fastapi import FastAPI

from mail import Mailer, notify

app = FastAPI()
mailer = Mailer()


@app.post("/orders")
async def order() -> str:
    notify("order")  # expect: AG0908 critical
    mailer.send("order")  # expect: AG0908
    await notify("done")
    return "ok"


def from_sync_code() -> None:
    notify("later")  # expect: AG0908
