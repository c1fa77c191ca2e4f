from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Path
from pydantic import BaseModel

router = APIRouter(prefix="/shops/{shop_id}")


@router.get("/orders/{order_id}")  # expect: AG0309 high
def read_order(id: int) -> dict[str, int]:
    return {"id": id}


@router.get("/orders/{order_id}/lines")  # expect: AG0309 medium
def list_lines(limit: int = 20) -> list[str]:
    return ["line"] * limit


@router.delete("/orders/{order_id}/lines/{line_id}")  # expect: AG0309 high
def remove_line(order_id: int, line_id: int, /) -> None:
    print(order_id, line_id)


@router.get("/couriers/{courier}")  # expect: AG0309 high
def read_courier(courier: Annotated[str, Path(alias="courier_id")]) -> str:
    return courier


class Window(BaseModel):
    first: int
    last: int


def page_of(window: Annotated[Window, Depends()]) -> list[int]:
    return list(range(window.first, window.last))


class Sender:
    def __call__(self, sender_id: int) -> int:
        return sender_id


@router.get("/pages/{page}")  # expect: AG0309 medium
def read_page(rows: Annotated[list[int], Depends(page_of)]) -> list[int]:
    return rows


@router.get("/senders/{sender_id}")  # expect: AG0309 medium
def read_sender(sender: Annotated[Sender, Depends(Sender)]) -> int:
    return 1


@router.get("/tags/{tag}")  # expect: AG0309 medium
def read_tag(*args: str, **kwargs: str) -> str:
    return "a tag"


app = FastAPI()
app.include_router(router)
