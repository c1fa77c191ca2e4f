"""What comes out of a value when it is awaited, iterated, entered or subscripted."""

from __future__ import annotations

from archguard.link.classes import union
from archguard.model.values import (
    Awaitable,
    ClassRef,
    External,
    Instance,
    OneOf,
    Unknown,
    Value,
)

UNKNOWN = Unknown()

_FUTURES = {External("asyncio.Task"), External("asyncio.Future"), External("typing.Awaitable")}

_MAPPINGS = {"dict", "collections.defaultdict", "collections.OrderedDict", "typing.Mapping"}
_PAIRS = {*_MAPPINGS, "collections.abc.Mapping", "collections.abc.MutableMapping", "typing.MutableMapping"}
_ELEMENT_METHODS = {"pop", "popleft", "get", "get_nowait", "setdefault", "__getitem__"}


def builtin(name: str) -> External:
    """A builtin type."""
    return External(name)


def container(name: str, *arguments: Value) -> Instance:
    """An instance of a builtin container with its element types."""
    return Instance(External(name), arguments, proved=True)


def some_class(cls: ClassRef | External) -> Instance:
    """``type[C]``: the class or one below it; calling it gives an instance of any of them."""
    return Instance(External("type"), (Instance(cls),))


def awaited(value: Value) -> Value:
    """What ``await value`` gives; a value that is no awaitable stays itself."""
    if isinstance(value, Awaitable):
        return value.result
    if isinstance(value, OneOf):
        return union([awaited(option) for option in value.options], 4) or UNKNOWN
    if isinstance(value, Instance) and value.of in _FUTURES and value.arguments:
        return value.arguments[-1]
    return value


def element(value: Value) -> Value:
    """What iterating gives."""
    if isinstance(value, OneOf):
        return union([element(option) for option in value.options], 4) or UNKNOWN
    if isinstance(value, Instance) and value.arguments:
        return value.arguments[0]
    return Unknown("element")


def item(value: Value) -> Value:
    """What subscripting gives: a mapping's value, a sequence's element."""
    if isinstance(value, OneOf):
        return union([item(option) for option in value.options], 4) or UNKNOWN
    if isinstance(value, Instance) and value.arguments:
        return value.arguments[-1]
    return Unknown("subscript")


def member_of_container(value: Instance, name: str) -> Value | None:
    """The result of a container's method that hands out elements: ``values()``, ``pop()`` …"""
    if not isinstance(value.of, External) or not value.arguments:
        return None
    mapping = value.of.path in _PAIRS
    if name == "values" and mapping:
        return container("list", value.arguments[-1])
    if name == "keys" and mapping:
        return container("list", value.arguments[0])
    if name == "items" and mapping:
        return container("list", container("tuple", *value.arguments))
    if name in _ELEMENT_METHODS:
        return value.arguments[-1]
    if name == "copy":
        return value
    return None


def receiver_class(value: Value) -> ClassRef | External | None:
    """The class of an instance."""
    return value.of if isinstance(value, Instance) else None


def looks_like_class(path: str) -> bool:
    """Whether an external name is written as classes are: ``requests.Session``."""
    last = path.rpartition(".")[2]
    return last[:1].isupper() and not last.isupper() and not last.endswith(")")
