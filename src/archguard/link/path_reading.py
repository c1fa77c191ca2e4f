"""What code asks the request itself for: ``request.path_params["symbol"]``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from archguard.model.facts import Attr, Call, Const, Expr, Name, Op, Read, Write
from archguard.model.lookups import last_name
from archguard.model.program import Function


def path_readers(functions: Iterable[Function]) -> tuple[str, ...]:
    """The strings in all functions that read ``request.path_params``: the names that they may ask for."""
    readers = (each for each in functions if any(map(_reads_path, _chains(each))))
    found = (part.value for each in readers for part in _parts(each.scope.events) if type(part) is Const)
    return tuple(dict.fromkeys(each for each in found if isinstance(each, str)))


def _chains(function: Function) -> Iterator[Expr]:
    """Every attribute chain that a function reads or calls."""
    for event in function.scope.events:
        if type(event) is Call:
            yield event.function
        elif type(event) is Read:
            yield event.value


def _reads_path(expr: Expr) -> bool:
    while type(expr) is Attr:
        if expr.name == "path_params":
            return True
        expr = expr.base
    return False


def hands_on(function: Function, request: str) -> bool:
    """Whether a function passes its request on, or keeps it."""
    name = Name(request)
    for event in function.scope.events:
        if isinstance(event, Call):
            if name in event.arguments or any(value == name for _, value in event.keywords):
                return True
        elif isinstance(event, Write) and event.value == name:
            return True
    return False


def names_in_path(function: Function) -> tuple[tuple[str, ...], bool]:
    """The names that a function asks ``request.path_params`` for, and whether it asks for no others."""
    asked = sum(_reads_path(expr) for expr in _chains(function))
    names = [name for part in _parts(function.scope.events) if asked for name in _asked(part)]
    return tuple(names), len(names) >= asked


def _asked(part: object) -> Iterator[str]:
    """``path_params["name"]``, ``"name" in path_params``, ``path_params.get("name")``."""
    operands: tuple[Expr, ...] = ()
    if isinstance(part, Op) and part.kind in {"subscript", "cmp in", "cmp not in"}:
        operands = part.operands
    elif isinstance(part, Call) and last_name(part.function) == "get":
        operands = (part.function, *part.arguments[:1])
    if any(map(_reads_path, operands)):
        yield from (o.value for o in operands if isinstance(o, Const) and isinstance(o.value, str))


def _parts(item: object) -> Iterator[object]:
    """Events and expressions with all that is written in them."""
    if isinstance(item, tuple):
        for each in item:
            yield from _parts(each)
    elif isinstance(item, msgspec.Struct):
        yield item
        for field in item.__struct_fields__:
            yield from _parts(getattr(item, field))
