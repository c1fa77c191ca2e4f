"""What becomes of a call's result: whether anything keeps it, and for how long."""

from __future__ import annotations

from archguard.model.facts import Const, Name, Result, Write, Yield
from archguard.model.lookups import mentions
from archguard.model.program import Function, Program, events_of


def unread_name(program: Program, function: Function, event: int) -> str:
    """The local name that alone keeps a call's result and that nothing ever reads, or an empty string.

    A name in a function that stays is read by staying: the frame holds the result.
    """
    scope = function.scope
    write = next((each for _, each in events_of(function, Write) if each.value == Result(event)), None)
    if write is None or write.how != "=" or not isinstance(write.target, Name):
        return ""
    name = write.target.id
    if scope.kind not in {"function", "lambda"} or name in (*scope.globals, *scope.nonlocals):
        return ""
    inner = (each for each in program.scopes[function.module] if _is_inside(program, each, function))
    used = any(_uses(each, name) for each in (function, *inner))
    return "" if used or stays_after(function, event) else name


def stays_after(function: Function, event: int) -> bool:
    """Whether a function's frame lives on after an event: it yields, or goes on into an endless loop."""
    scope = function.scope
    start = scope.events[event].place.line
    return any(isinstance(each, Yield) for each in scope.events[event + 1 :]) or any(
        region.kind == "while"
        and isinstance(region.subject, Const)
        and bool(region.subject.value)
        and region.place.line >= start
        for region in scope.regions
    )


def _is_inside(program: Program, inner: Function, outer: Function) -> bool:
    at = program.parent(inner)
    while at is not None and at is not outer:
        at = program.parent(at)
    return at is outer


def _uses(function: Function, name: str) -> bool:
    """Whether a name is read anywhere in a scope, or bound to several things."""
    scope = function.scope
    bindings = sum(isinstance(event, Write) and event.target == Name(name) for event in scope.events)
    subjects = (region.subject for region in scope.regions)
    return bindings > 1 or any(_reads(item, name) for item in (*scope.events, *subjects))


def _reads(item: object, name: str) -> bool:
    """Whether an event or expression reads a name; a plain binding of it does not."""
    if isinstance(item, Write) and item.target == Name(name):
        return mentions(item.value, name)
    return mentions(item, name)
