from fastapi import APIRouter

router = APIRouter(prefix="/users")


@router.get("/{user_id}")
def read(user_id: int) -> int:
    return user_id


@router.get("/me")  # expect: AG0308
def read_me() -> str:
    return "me"


@router.get("/{name}")
def read_by_name(name: str) -> str:
    return name


@router.delete("/me")
def remove_me() -> None: ...
