from fastapi import FastAPI
from fastapi.responses import JSONResponse

app = FastAPI()


@app.get("/orders/{order_id}")
def read_order(order_id: int) -> dict[str, object]:
    if order_id < 0:
        return {"error": "there is no such order"}  # expect: AG0305 medium
    try:
        return {"order": order_id}
    except ValueError as problem:
        return {"error": str(problem), "order": None}


@app.get("/lines")
def lines(order: str = ""):
    problem = "no order" if not order else None
    return {"order": order} if order else {"error": problem, "code": 7}  # expect: AG0305 medium


@app.delete("/orders/{order_id}", status_code=204)
def remove_order(order_id: int):
    return {"removed": order_id}  # expect: AG0305 high


@app.delete("/lines/{line_id}")
def remove_line(line_id: int) -> JSONResponse:
    return JSONResponse(content=None, status_code=204)  # expect: AG0305 high
