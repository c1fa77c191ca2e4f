"""What becomes of an object that a name means: where it is changed, and whether anybody else gets hold of it.

An object is followed through plain assignments, into the functions that it is handed to, and through the
attribute that keeps it. ``empty`` says that it is a container with nothing in it, so that what only a full
one gets to is left out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

import msgspec

from archguard.model.arguments import bound
from archguard.model.emptiness import holds_something, leaves_if_empty
from archguard.model.facts import (
    Attr,
    Call,
    Container,
    Event,
    Expr,
    Name,
    Op,
    Return,
    Scope,
    Write,
    Yield,
)
from archguard.model.lookups import around, last_name, mentions
from archguard.model.mutation import REMOVALS, change_of
from archguard.model.place import Span
from archguard.model.program import Function, Program

_READERS = {
    "len", "sorted", "list", "tuple", "set", "dict", "any", "all", "sum", "str", "copy", "deepcopy",
}  # fmt: skip
"""Functions after which nobody holds what they were given."""

_BRANCHES = {"for", "while", "else", "case", "except", "loop-else", "comprehension"}
_DEPTH = 3


class Change(msgspec.Struct, frozen=True):
    """A place that changes an object in place, and how (see `change_of`)."""

    span: Span
    how: str


def changes(
    program: Program, function: Function, start: Expr, *, empty: bool, deep: bool
) -> Iterator[Change]:
    """Where an object is changed before its name is rebound; ``deep``: also by what it is handed to."""
    names = {start}
    for index, event in _met(function.scope, names, empty=empty):
        how = change_of(event, names)
        if how and not (empty and how in REMOVALS):
            yield Change(function.module.span(event.place), how)
        elif deep and isinstance(event, Call):
            for callee, name in _handed_to(program, function, index, event, names):
                yield from changes(program, callee, Name(name), empty=empty, deep=False)
        elif deep and isinstance(event, Write) and event.value in names:
            yield from _through_self(program, function, event.target, empty=empty)


def is_only_read(
    program: Program, function: Function, name: str, *, empty: bool, depth: int = _DEPTH
) -> bool:
    """Whether a parameter is used, and nowhere so that somebody else could get hold of the object."""
    inner = [each.scope for each in program.scopes[function.module] if each.scope.parent == function.index]
    if any(mentions(each.events, name) or mentions(each.regions, name) for each in inner):
        return False
    names: set[Expr] = {Name(name)}
    for index, event in _met(function.scope, names, empty=empty):
        if not any(_escapes(value, names, empty=empty) for value in _handed_on(event)):
            continue
        taken = list(_handed_to(program, function, index, event, names)) if isinstance(event, Call) else []
        if not taken or not depth:
            return False
        if not all(is_only_read(program, each, to, empty=empty, depth=depth - 1) for each, to in taken):
            return False
    return mentions(function.scope.events, name) or mentions(function.scope.regions, name)


def _met(scope: Scope, names: set[Expr], *, empty: bool) -> Iterator[tuple[int, Event]]:
    """The events that the object gets to, while ``names`` are kept up to date with what means it."""
    for index, event in enumerate(scope.events):
        if not names or (empty and leaves_if_empty(scope, event, names)):
            return
        if not (empty and holds_something(scope, event.region, names)):
            yield index, event
            if isinstance(event, Write) and event.how == "=" and event.value in names:
                names.add(event.target)
                continue
        rebound = isinstance(event, Write) and event.how != "aug" and event.target in names
        if rebound and _is_certain(scope, event.region, names, empty=empty):
            names.discard(event.target)  # type: ignore[union-attr]


def _is_certain(scope: Scope, region: int, names: set[Expr], *, empty: bool) -> bool:
    """Whether the default gets there: no branch is in the way but one that an empty one takes."""
    for _, each in around(scope, region):
        if each.kind in _BRANCHES:
            return False
        if each.kind == "if" and not (empty and _is_not(each.subject, names)):
            return False
    return True


def _is_not(test: Expr | None, names: set[Expr]) -> bool:
    return isinstance(test, Op) and test.kind == "not" and test.operands[0] in names


def _handed_to(
    program: Program, function: Function, index: int, call: Call, names: Collection[Expr]
) -> Iterator[tuple[Function, str]]:
    """The functions of the project, and their parameters, that a call hands one of these objects to."""
    values = (*call.arguments, *(value for _, value in call.keywords))
    if not any(each in names for each in values):
        return
    for edge in program.edges_from(function):
        if edge.event == index and edge.callee is not None:
            for name, value in bound(edge.callee, call).items():
                if value in names:
                    yield edge.callee, name


def _through_self(program: Program, function: Function, target: Expr, *, empty: bool) -> Iterator[Change]:
    """Changes through the attribute that a method keeps the object in, by the methods of its class."""
    owner = function.owner
    if owner is None or not isinstance(target, Attr) or target.base != Name("self"):
        return
    for other in program.scopes[function.module]:
        if other.owner is owner and other is not function:
            yield from changes(program, other, target, empty=empty, deep=False)


def _handed_on(event: Event) -> list[Expr]:
    """The expressions whose value an event gives to somebody."""
    if isinstance(event, Call):
        if last_name(event.function) in _READERS:
            return []
        return [*event.arguments, *(value for key, value in event.keywords if key != "**")]
    is_followed = (
        isinstance(event, Write) and isinstance(event.target, Name) and isinstance(event.value, Name)
    )
    if is_followed or getattr(event, "how", "") in {"for", "aug"}:
        return []  # another name of it; an element; a copy of the elements
    if isinstance(event, (Return, Yield, Write)) and event.value is not None:
        return [event.value]
    return []


def _escapes(expr: Expr, names: Collection[Expr], *, empty: bool) -> bool:
    """Whether the value of an expression can be the object itself, or hold it."""
    if expr in names:
        return True
    if isinstance(expr, Container):
        return any(_escapes(each, names, empty=empty) for each in (*expr.items, *expr.keys))
    if isinstance(expr, Op) and expr.kind in {"or", "and", "if", ":="}:
        kept = expr.operands
        if expr.kind == "or" and empty and kept[0] in names:
            kept = kept[1:]
        return any(_escapes(each, names, empty=empty) for each in kept)
    return False
