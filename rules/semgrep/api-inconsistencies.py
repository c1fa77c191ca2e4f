# Cases of api-inconsistencies.yml for `semgrep --test`: never run, only matched.
import traceback
from typing import Any

from fastapi import APIRouter, Body, Depends, FastAPI, HTTPException, Request, Response, WebSocket, status
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse
from sqlalchemy import select, update

from shop.models import Order, OrderIn, Visit
from shop.security import current_user

app = FastAPI()
router = APIRouter()


# --- archguard-error-with-200, archguard-status-in-tuple, archguard-exception-with-success --------------


@router.get("/orders/{number}")
async def order(number: int, orders: dict = Depends(dict)):
    if number < 0:
        # ruleid: archguard-error-with-200
        return {"error": "no such order"}
    if number == 0:
        # ruleid: archguard-error-with-200
        return JSONResponse({"error": "no such order"})
    if number > 1000:
        # ruleid: archguard-status-in-tuple
        return {"message": "no such order"}, 404
    if number > 900:
        # ok: archguard-error-with-200
        return JSONResponse({"error": "no such order"}, status_code=404)
    if number > 800:
        # ok: archguard-error-with-200
        return {"data": orders, "error": "partial"}
    if number > 700:
        # ok: archguard-exception-with-success
        raise HTTPException(status_code=404, detail="no such order")
    if number > 600:
        # ruleid: archguard-exception-with-success
        raise HTTPException(status_code=200, detail="done")
    # ok: archguard-error-with-200
    return {"order": number, "error": None}


@router.get("/totals")
async def totals(response: Response):
    response.status_code = 503
    # ok: archguard-error-with-200
    return {"error": "not now"}


def pair():
    # ok: archguard-status-in-tuple
    return {"message": "not a handler"}, 404


@router.get("/pairs")
def pairs(left: int, right: int):
    # ok: archguard-status-in-tuple
    return left, right


# --- archguard-no-content-with-body ---------------------------------------------------------------------


@router.delete("/orders/{number}", status_code=204)
async def remove(number: int):
    # ruleid: archguard-no-content-with-body
    return {"removed": number}


@router.delete("/baskets/{number}", status_code=status.HTTP_204_NO_CONTENT)
async def remove_basket(number: int):
    if number:
        # ok: archguard-no-content-with-body
        return Response(status_code=204)
    # ok: archguard-no-content-with-body
    return None


# --- archguard-error-detail-leak ------------------------------------------------------------------------


@router.post("/payments")
async def pay(payment: OrderIn):
    try:
        payment.send()
    except Exception as error:
        # ruleid: archguard-error-detail-leak
        raise HTTPException(status_code=500, detail=str(error)) from error


@router.post("/refunds")
async def refund(payment: OrderIn):
    try:
        payment.send()
    except ValueError as error:
        # ok: archguard-error-detail-leak
        raise HTTPException(status_code=422, detail=str(error)) from error
    except Exception as failure:
        # ruleid: archguard-error-detail-leak
        raise HTTPException(500, f"failed: {failure}") from failure
    # ruleid: archguard-error-detail-leak
    raise HTTPException(status_code=500, detail=traceback.format_exc())


@router.post("/invoices")
async def invoice(payment: OrderIn):
    try:
        payment.send()
    except Exception as error:
        # ok: archguard-error-detail-leak
        raise HTTPException(status_code=500, detail="the invoice was not sent") from error


# --- archguard-verb-in-path, archguard-mixed-path-style -------------------------------------------------


# ruleid: archguard-verb-in-path
@router.get("/get_users")
def get_users():
    return []


# ok: archguard-verb-in-path
@router.get("/users")
def users():
    return []


# ok: archguard-verb-in-path
@router.get("/lists/{add_on}/add-ons")
def add_ons(add_on: str):
    return [add_on]


# ruleid: archguard-mixed-path-style
@router.get("/price-lists/{list_id}/line_items")
def line_items(list_id: int):
    return [list_id]


# ok: archguard-mixed-path-style
@router.get("/price-lists/{list_id}/line-items")
def line_items_again(list_id: int):
    return [list_id]


# --- archguard-duplicate-route --------------------------------------------------------------------------


@router.get("/stock")
def stock():
    return 1


@router.post("/stock")
# ok: archguard-duplicate-route
def add_stock(order: OrderIn):
    return order


@router.get("/stock")
# ruleid: archguard-duplicate-route
def stock_again():
    return 2


# --- archguard-get-that-writes --------------------------------------------------------------------------


@router.get("/visits")
def visits(session):
    # ruleid: archguard-get-that-writes
    session.add(Visit())
    # ruleid: archguard-get-that-writes
    session.execute(update(Visit))
    # ok: archguard-get-that-writes
    return session.execute(select(Visit))


@router.get("/auth/callback")
def callback(session):
    # ok: archguard-get-that-writes
    session.add(Visit())


@router.post("/visits")
def visit(session):
    # ok: archguard-get-that-writes
    session.add(Visit())


# --- archguard-untyped-body -----------------------------------------------------------------------------


@router.post("/carts")
# ruleid: archguard-untyped-body
async def cart(body: dict):
    return body


@router.put("/carts")
# ruleid: archguard-untyped-body
async def put_cart(body: dict[str, Any] = Body(...)):
    return body


@router.patch("/carts")
async def patch_cart(request: Request):
    # ruleid: archguard-untyped-body
    return await request.json()


@router.post("/baskets")
# ok: archguard-untyped-body
async def basket(body: OrderIn, user: dict = Depends(current_user)):
    return body, user


@router.post("/webhooks/bank")
async def bank(request: Request):
    # ok: archguard-untyped-body
    return await request.json()


@router.post("/{provider}")
async def provider_callback(request: Request, provider: str):
    # ok: archguard-untyped-body
    return await request.json(), provider


# --- archguard-list-without-limit -----------------------------------------------------------------------


@router.get("/all-orders")
def all_orders(session):
    # ruleid: archguard-list-without-limit
    return session.query(Order).all()


@router.get("/some-orders")
def some_orders(session, limit: int = 50):
    # ok: archguard-list-without-limit
    return session.query(Order).limit(limit).all()


# --- archguard-websocket-request-parameter, archguard-websocket-without-disconnect ----------------------


@router.websocket("/prices")
# ruleid: archguard-websocket-request-parameter
async def prices(websocket: WebSocket, request: Request):
    await websocket.accept()
    while True:
        # ruleid: archguard-websocket-without-disconnect
        await websocket.receive_text()


@router.websocket("/quotes")
# ok: archguard-websocket-request-parameter
async def quotes(websocket: WebSocket):
    await websocket.accept()
    try:
        while True:
            # ok: archguard-websocket-without-disconnect
            await websocket.receive_text()
    except RuntimeError:
        pass


# --- archguard-cors-wildcard-with-credentials -----------------------------------------------------------

# ruleid: archguard-cors-wildcard-with-credentials
app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=True)
# ok: archguard-cors-wildcard-with-credentials
app.add_middleware(CORSMiddleware, allow_origins=["*"])
# ok: archguard-cors-wildcard-with-credentials
app.add_middleware(CORSMiddleware, allow_origins=["https://shop.example"], allow_credentials=True)
