from fastapi import APIRouter, FastAPI

router = APIRouter()


@router.get("/things/one")
def read_one() -> int:
    return 1


@router.get("/things/two")
def read_two() -> int:
    return 1


@router.get("/things/three")
def read_three() -> int:
    return 1


@router.get("/things/four")
def read_four() -> int:
    return 1


@router.get("/things/five")
def read_five() -> int:
    return 1


@router.get("/things/six")
def read_six() -> int:
    return 1


@router.get("/things/seven")
def read_seven() -> int:
    return 1


@router.get("/things/eight")
def read_eight() -> int:
    return 1


@router.get("/prices", response_model=list[int])
def prices():
    return [1]


@router.get("/rows")  # expect: AG0304
def rows():
    found = {"rows": [1]}
    return found


@router.get("/more")
def more():
    return [1, 2]


app = FastAPI()
app.include_router(router)
