from fastapi import APIRouter

from app.services.quotes import QuoteService

router = APIRouter()
quote_service = QuoteService("https://ticker.example")


@router.get("/{symbol}")
async def get_quote(symbol: str):
    return quote_service.latest(symbol)


@router.get("/")
async def get_quotes(symbols: str):
    return [quote_service.latest(symbol) for symbol in symbols.split(",")]
