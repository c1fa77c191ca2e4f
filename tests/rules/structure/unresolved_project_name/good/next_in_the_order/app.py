import abc
from typing import Generic, TypeVar

T = TypeVar("T")


class Ports(Generic[T]):
    def ports(self) -> list[int]:
        return [80]


class Step(abc.ABC):
    @classmethod
    def register(cls, table: dict[str, type]) -> None:
        table[cls.__name__] = cls

    def apply(self, options: list[str]) -> None:
        options.append("step")


class Listen(Ports[int], Step):
    @classmethod
    def register(cls, table: dict[str, type]) -> None:
        super().register(table)

    def apply(self, options: list[str]) -> None:
        super().apply(options)
        options.append(str(self.ports()))


class Audited:
    """Goes before another class, whose method its own calls."""

    def apply(self, options: list[str]) -> None:
        super().apply(options)
