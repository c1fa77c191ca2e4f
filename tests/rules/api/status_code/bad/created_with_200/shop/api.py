from fastapi import APIRouter, FastAPI

app = FastAPI()
router = APIRouter(prefix="/v1")


@router.post("/orders", status_code=201)
def create_order() -> int:
    return 0


@router.post("/lines", status_code=201)
def create_line() -> int:
    return 1


@router.post("/users", status_code=201)
def create_user() -> int:
    return 2


@router.post("/shops", status_code=201)
def create_shop() -> int:
    return 3


@router.post("/prices", status_code=201)
def create_price() -> int:
    return 4


@router.post("/parcels")  # expect: AG0305 low
def create_parcel() -> int:
    return 1


@router.post("/search")
def search() -> list[int]:
    return []


app.include_router(router)
