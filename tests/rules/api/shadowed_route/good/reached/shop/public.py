from fastapi import APIRouter

router = APIRouter()
other = APIRouter()


@router.get("/prices")
def prices() -> list[int]:
    return []


@other.get("/prices")
def other_prices() -> list[int]:
    return []
