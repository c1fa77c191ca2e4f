from fastapi import FastAPI
from starlette.requests import Request

from shop import reports, users

app = FastAPI()
app.include_router(users.router)
app.include_router(reports.router)


@app.get("/files/{rest:path}")
def read_file(rest: str) -> str:
    return rest


@app.get("/files/{name}/size")  # expect: AG0308
def size(name: str) -> int:
    return len(name)


@app.post("/orders")
def order() -> None: ...


@app.post("/orders")  # expect: AG0308
def order_again() -> None: ...


async def health(request: Request) -> None: ...


async def health_of_old(request: Request) -> None: ...


app.add_route("/health", health)
app.add_route("/health", health_of_old)  # expect: AG0308
