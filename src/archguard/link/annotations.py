"""What a parameter or variable is by its annotation."""

from __future__ import annotations

from collections.abc import Callable

from archguard.link.classes import union
from archguard.link.shapes import UNKNOWN, some_class
from archguard.model.facts import Attr, Const, Container, Expr, Name, Op, Result
from archguard.model.program import Function
from archguard.model.values import (
    Awaitable,
    ClassRef,
    External,
    Instance,
    Literal,
    Unknown,
    Value,
    options_of,
)

ValueOf = Callable[[Function, Expr], Value]

_TRANSPARENT = {"Optional", "Annotated", "Final", "ClassVar", "Required", "NotRequired", "ReadOnly", "Mapped"}
_AWAITABLES = {"Awaitable", "Coroutine", "Future", "Task"}
_OPAQUE = {"Any", "object", "TypeVar", "Literal", "Callable"}


def annotated(function: Function, expr: Expr, value_of: ValueOf, alias_of: ValueOf) -> Value:
    """An instance of what an annotation names; Unknown where it says nothing.

    ``value_of`` gives what a name in it is, ``alias_of`` resolves a name that is bound to another
    annotation (``SessionDep = Annotated[Session, Depends(get_session)]``).
    """
    if isinstance(expr, (Name, Attr)):
        return _named(function, expr, value_of, alias_of)
    if isinstance(expr, Const):
        return Literal(None) if expr.value is None else Unknown("annotation")
    if isinstance(expr, Op) and expr.kind == "bin|":
        sides = [annotated(function, side, value_of, alias_of) for side in expr.operands]
        return _alternatives(sides)
    if isinstance(expr, Op) and expr.kind == "subscript" and len(expr.operands) == 2:
        return _generic(function, expr, value_of, alias_of)
    return Unknown("annotation")


def _alternatives(values: list[Value]) -> Value:
    """A union without its None: whoever uses the value has checked, or fails on its own account."""
    kept = [v for value in values for v in options_of(value) if v != Literal(None)]
    return union([v for v in kept if not isinstance(v, Unknown)], 4) or UNKNOWN


def _named(function: Function, expr: Expr, value_of: ValueOf, alias_of: ValueOf) -> Value:
    last = expr.name if isinstance(expr, Attr) else expr.id if isinstance(expr, Name) else ""
    if last in _OPAQUE:
        return Unknown("annotation")
    alias = alias_of(function, expr)
    if not isinstance(alias, Unknown):
        return alias
    found = value_of(function, expr)
    return Instance(found) if isinstance(found, (ClassRef, External)) else alias


def _generic(function: Function, expr: Op, value_of: ValueOf, alias_of: ValueOf) -> Value:
    base, index = expr.operands
    name = base.name if isinstance(base, Attr) else base.id if isinstance(base, Name) else ""
    inner = index.items if isinstance(index, Container) and index.kind == "tuple" else (index,)
    if name == "Annotated":
        return _annotated(function, inner, value_of, alias_of)
    if name in _TRANSPARENT:
        return _alternatives([annotated(function, inner[0], value_of, alias_of)]) if inner else UNKNOWN
    if name in _OPAQUE:
        return Unknown("annotation")
    values = [annotated(function, each, value_of, alias_of) for each in inner]
    if name == "Union":
        return _alternatives(values)
    if name in {"Type", "type"}:
        first = values[0] if values else UNKNOWN
        return some_class(first.of) if isinstance(first, Instance) else UNKNOWN
    if name in _AWAITABLES:
        return Awaitable(values[-1] if values else UNKNOWN)
    found = value_of(function, base)
    if isinstance(found, (ClassRef, External)):
        return Instance(found, tuple(values[:2]))
    return Unknown("annotation")


def _annotated(function: Function, inner: tuple[Expr, ...], value_of: ValueOf, alias_of: ValueOf) -> Value:
    """``Annotated[T, …]`` is T; where T says nothing, what its ``Depends(…)`` returns."""
    if not inner:
        return UNKNOWN
    declared = annotated(function, inner[0], value_of, alias_of)
    if not isinstance(declared, Unknown):
        return declared
    for extra in inner[1:]:
        if isinstance(extra, Result):
            provided = value_of(function, extra)
            if not isinstance(provided, (Unknown, External)):
                return provided
    return declared
