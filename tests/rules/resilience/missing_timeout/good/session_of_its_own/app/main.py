from fastapi import FastAPI

from app.sessions import LimitedSession, make

app = FastAPI()
mounted = make()
own = LimitedSession()


@app.get("/mounted")
def uses_the_adapter() -> str:
    return mounted.get("https://a.example").text


@app.get("/own")
def uses_the_subclass() -> str:
    return own.get("https://a.example").text
