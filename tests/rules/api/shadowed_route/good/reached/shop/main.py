import os

from fastapi import FastAPI

from shop import public, users

admin = FastAPI()
app = FastAPI()
app.include_router(users.router)
app.include_router(public.router, prefix=os.environ["PREFIX"])
app.include_router(public.other, prefix=os.environ["OTHER"])


@app.get("/health")
def health() -> str:
    return "ok"


@admin.get("/health")
def health_of_admin() -> str:
    return "ok"


if os.environ.get("OLD"):

    @app.get("/orders")
    def old_orders() -> list[str]:
        return []

else:

    @app.get("/orders")
    def orders() -> list[str]:
        return []
