import logging
import traceback

import httpx
from fastapi import FastAPI, HTTPException, Request, status
from fastapi.responses import JSONResponse
from sqlalchemy.exc import IntegrityError

app = FastAPI()
log = logging.getLogger(__name__)


@app.get("/quotes/{symbol}")
def read_quote(symbol: str) -> dict[str, str]:
    try:
        return {"symbol": symbol.upper()}
    except Exception as e:
        log.exception("quote failed")
        raise HTTPException(status_code=400, detail=str(e)) from e  # expect: AG0313


@app.post("/quotes")
def create_quote(symbol: str) -> dict[str, str]:
    try:
        return {"symbol": symbol.upper()}
    except IntegrityError as error:
        raise HTTPException(409, f"not stored: {error}") from error  # expect: AG0313
    except BaseException as error:
        raise HTTPException(500, {"msg": f"not stored: {error!s}"}) from error


@app.get("/prices/{symbol}")
async def read_price(symbol: str) -> JSONResponse:
    try:
        return JSONResponse({"symbol": symbol})
    except httpx.HTTPError as exc:
        message = "upstream failed: " + str(exc)
        return JSONResponse({"error": message}, status_code=status.HTTP_502_BAD_GATEWAY)  # expect: AG0313


@app.get("/trace")
def trace() -> dict[str, str]:
    try:
        return {"trace": "none"}
    except ValueError:
        return {"error": traceback.format_exc()}  # expect: AG0313


@app.get("/data")
def data() -> dict[str, object]:
    try:
        return {"rows": []}
    except Exception as error:
        return {"rows": None, "error": repr(error)}  # expect: AG0313


@app.exception_handler(Exception)
async def answer(request: Request, exc: Exception) -> JSONResponse:
    return JSONResponse(status_code=500, content={"detail": f"{exc}"})  # expect: AG0313
