import enum
from dataclasses import dataclass, field
from typing import ClassVar, Final

from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    hidden: list[str] = []


class Row(Base):
    shown: list[str] = []


class Colour(enum.Enum):
    names: list[str] = []


@dataclass
class Field:
    tags: list[str] = field(default_factory=list)


@dataclass
class RefusedByPython:
    tags: list[str] = []


class Constants:
    words: Final[list[str]] = []
    shared: ClassVar[list[str]] = []
    separators: set[str] = {"(", ")"}
    plain = []


class Registry:
    known: dict[str, object] = {}

    @classmethod
    def register(cls, name: str) -> None:
        cls.known[name] = object()

    def add(self, name: str) -> None:
        self.known[name] = object()


class OneOfItsOwn:
    items: list[str] = []

    def __init__(self) -> None:
        self.items = []

    def add(self, item: str) -> None:
        self.items.append(item)


class OnlyOne:
    connections = []

    def connect(self, connection: object) -> None:
        self.connections.append(connection)


manager = OnlyOne()


def several() -> tuple[Registry, Registry, OneOfItsOwn, OneOfItsOwn]:
    return Registry(), Registry(), OneOfItsOwn(), OneOfItsOwn()
