"""Containers that change in place: how they are made, and which events change them."""

from __future__ import annotations

from collections.abc import Collection

from archguard.model.facts import Attr, Call, Container, Event, Expr, Op, Result, Scope, Write
from archguard.model.lookups import last_name

MUTATORS = frozenset(
    {
        "append", "appendleft", "extend", "extendleft", "insert", "remove", "pop", "popleft", "popitem",
        "clear", "sort", "reverse", "rotate", "update", "setdefault", "add", "discard",
        "difference_update", "intersection_update", "symmetric_difference_update",
    }
)  # fmt: skip
"""The methods by which the built-in containers change in place."""

MAKERS = frozenset(
    {"list", "dict", "set", "defaultdict", "OrderedDict", "Counter", "deque", "bytearray", "ChainMap"}
)
"""The names of the standard library's containers that change in place."""

_DISPLAYS = {"list", "dict", "set"}
_COMPREHENSIONS = {"listcomp", "dictcomp", "setcomp"}


def is_container(scope: Scope, value: Expr) -> bool:
    """Whether an expression of a scope makes a container that can change in place."""
    if isinstance(value, Container):
        return value.kind in _DISPLAYS
    if isinstance(value, Op):
        named = value.kind == ":=" and is_container(scope, value.operands[1])
        return named or value.kind in _COMPREHENSIONS
    made = scope.events[value.event] if isinstance(value, Result) else None
    return isinstance(made, Call) and last_name(made.function) in MAKERS


def is_empty(scope: Scope, value: Expr) -> bool:
    """Whether the container that an expression makes has nothing in it."""
    if isinstance(value, Container):
        return not value.items
    made = scope.events[value.event] if isinstance(value, Result) else None
    if not isinstance(made, Call):
        return False
    given = made.arguments[1:] if last_name(made.function) == "defaultdict" else made.arguments
    return not given and not made.keywords


def change_of(event: Event, objects: Collection[Expr]) -> str:
    """How an event changes an object of these in place (``append()``, ``item set``); empty if it does not."""
    if isinstance(event, Call):
        called = event.function
        if isinstance(called, Attr) and called.name in MUTATORS and called.base in objects:
            return f"{called.name}()"
    elif isinstance(event, Write):
        target = event.target
        if isinstance(target, Op) and target.kind == "subscript" and target.operands[0] in objects:
            return "item deleted" if event.how == "del" else "item set"
        if event.how == "aug" and target in objects:
            return "grown in place"
    return ""


REMOVALS = frozenset(
    {
        "remove()", "pop()", "popleft()", "popitem()", "clear()", "sort()", "reverse()", "rotate()",
        "discard()", "difference_update()", "intersection_update()", "item deleted",
    }
)  # fmt: skip
"""Changes, as `change_of` names them, after which a container holds nothing that it did not hold before."""
