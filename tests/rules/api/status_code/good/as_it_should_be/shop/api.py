from fastapi import FastAPI, Response, WebSocket
from fastapi.responses import JSONResponse

app = FastAPI()


@app.get("/orders/{order_id}")
def read_order(order_id: int, response: Response) -> dict[str, object]:
    if order_id < 0:
        response.status_code = 404
        return {"error": "there is no such order"}
    return {"order": order_id}


@app.get("/lines/{line_id}")
def read_line(line_id: int):
    if line_id < 0:
        return JSONResponse({"error": "there is no such line"}, status_code=404)
    problem = check(line_id)
    return {"line": line_id, "error": problem}


def check(line_id: int) -> str | None:
    return None if line_id else "zero"


@app.get("/jobs")
def jobs() -> dict[str, object]:
    return {"jobs": [], "error": None}


@app.post("/rpc")
def rpc() -> dict[str, object]:
    return {"jsonrpc": "2.0", "error": "there is no such method"}


@app.get("/health")
def health() -> dict[str, str]:
    return {"error": "the database is away"}


@app.get("/gone", status_code=410)
def gone() -> dict[str, str]:
    return {"error": "use /v2"}


@app.delete("/orders/{order_id}", status_code=204)
def remove_order(order_id: int) -> None:
    return print(order_id)


@app.delete("/lines/{line_id}", status_code=204)
def remove_line(line_id: int):
    return Response(status_code=204)


@app.websocket("/live")
async def live(socket: WebSocket) -> None:
    await socket.accept()


@app.post("/orders")
def create_order() -> int:
    return 1


@app.post("/lines", status_code=201)
def create_line() -> int:
    return 1


@app.post("/users", status_code=201)
def create_user() -> int:
    return 1


@app.post("/shops", status_code=201)
def create_shop() -> int:
    return 1
