from fastapi import APIRouter

router = APIRouter(prefix="/users")


@router.get("/me")
def read_me() -> str:
    return "me"


@router.get("/{user_id:int}")
def read(user_id: int) -> int:
    return user_id


@router.get("/{user_id:int}/orders")
def orders(user_id: int) -> int:
    return user_id


@router.get("/first")
def first() -> int:
    return 1


@router.put("/{user_id}")
def replace(user_id: str) -> str:
    return user_id


@router.post("/{user_id}/{action}")
@router.post("/{user_id}/archive")
def act(user_id: str, action: str = "archive") -> str:
    return user_id + action


@router.websocket("/me")
async def live(socket: object) -> None: ...
