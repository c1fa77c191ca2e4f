import json
import logging

from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse
from partner import PartnerError
from pydantic import BaseModel, ValidationError

from shop.errors import OutOfStock, ShopError

app = FastAPI()
log = logging.getLogger(__name__)
DEBUG = False


@app.get("/orders/{order_id}")
def read_order(order_id: str) -> dict[str, int]:
    try:
        return {"id": int(order_id)}
    except ValueError as error:
        raise HTTPException(status_code=400, detail=str(error)) from error
    except (OutOfStock, ShopError) as error:
        raise HTTPException(status_code=503, detail=str(error)) from error
    except PartnerError as error:
        raise HTTPException(status_code=502, detail=str(error)) from error
    except Exception as error:
        log.exception("order %s: %s", order_id, error)
        raise HTTPException(status_code=500, detail=f"order {order_id} cannot be read") from error


@app.post("/orders")
def create_order(text: str) -> dict[str, object]:
    try:
        return json.loads(text)
    except (json.JSONDecodeError, ValidationError) as error:
        raise HTTPException(422, f"not an order: {error}") from error
    except Exception as error:
        if isinstance(error, ShopError):
            raise HTTPException(400, str(error)) from error
        if DEBUG:
            raise HTTPException(500, str(error)) from error
        shown = {"error": str(error) if DEBUG else "failed"}
        return JSONResponse(shown, status_code=500)


@app.post("/lines")
async def create_line(request: Request) -> dict[str, object]:
    try:
        body = await request.json()
        line = Line(**body)
    except Exception as error:
        raise HTTPException(status_code=400, detail=f"not a line: {error}") from error
    try:
        return line.stored()
    except NotImplementedError as error:
        raise HTTPException(status_code=501, detail=str(error)) from error


class Line(BaseModel):
    count: int

    def stored(self) -> dict[str, object]:
        raise NotImplementedError("lines are stored from version 2 on")


def parse(text: str) -> dict[str, object]:
    try:
        return json.loads(text)
    except Exception as error:
        return {"error": str(error)}


@app.exception_handler(ShopError)
async def answer(request: Request, exc: Exception) -> JSONResponse:
    return JSONResponse({"detail": str(exc)}, status_code=409)


@app.exception_handler(404)
async def missing(request: Request, exc: HTTPException) -> JSONResponse:
    return JSONResponse({"detail": str(exc)}, status_code=404)
