from fastapi import APIRouter, FastAPI

from app.services import quote_service

router = APIRouter(prefix="/quotes")


@router.get("/{symbol}")
async def get_quote(symbol: str):
    return quote_service.latest(symbol)


@router.websocket("/stream")
async def stream(socket):
    await socket.accept()
    while True:
        await socket.send_json(quote_service.latest("EURUSD"))


app = FastAPI()
app.include_router(router)
