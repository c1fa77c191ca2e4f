from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Path, Request
from pydantic import BaseModel


def order_of(order_id: int) -> int:
    return order_id


Order = Annotated[int, Depends(order_of)]


def require(action: str):
    def checked(shop_id: int) -> bool:
        return bool(shop_id and action)

    return checked


class Line:
    def __init__(self, line_id: int, order: Order) -> None:
        self.line_id = line_id
        self.order = order


class Place(BaseModel):
    aisle: int
    shelf: int


@dataclass
class Box:
    box_id: int


class Checked:
    def __call__(self, seal_id: int) -> int:
        return seal_id


def checks(request: Request) -> str:
    return request.path_params["check_id"]


class ByRequest:
    def __init__(self, kind: type) -> None:
        self.kind = kind

    def __call__(self, request: Request) -> object:
        return self.kind(request)


class Parcel:
    def __init__(self, request: Request) -> None:
        self.key = request.path_params.get("parcel_id")


def named(whose: Annotated[str, Path(alias="owner")]) -> str:
    return whose
