"""Exception handlers: which exceptions one takes, and what becomes of them there."""

from __future__ import annotations

from archguard.model.facts import (
    Attr,
    Await,
    Call,
    Event,
    Expr,
    Jump,
    Name,
    Raise,
    Region,
    Result,
    Return,
    Scope,
    Write,
)
from archguard.model.lookups import around, caught_by, contains, handlers_of, last_name, mentions, within

BROAD = frozenset({"Exception", "BaseException", ""})
"""What takes nearly every error; the empty name is a bare ``except``."""

_ENDS = {"exit", "_exit", "abort"}
_TAKERS = {"set_exception", "append", "put", "put_nowait", "send"}


def names_of(scope: Scope, handler: Region) -> list[str]:
    """The last names of the types that a handler takes; one empty name for a bare ``except``.

    A type that a call returns has the name of what is called (``anyio.get_cancelled_exc_class()``).
    """
    if handler.subject is None:
        return [""]
    found = []
    for each in caught_by(handler):
        event = scope.events[each.event] if isinstance(each, Result) else None
        found.append(last_name(event.function if isinstance(event, Call) else each))
    return found


def handler_around(scope: Scope, region: int, names: frozenset[str]) -> Region | None:
    """The innermost handler that takes one of these types where they are raised in a region."""
    for index, each in around(scope, region):
        if each.kind == "try":
            for handler in (scope.regions[h] for h in handlers_of(scope, index)):
                if not names.isdisjoint(names_of(scope, handler)):
                    return handler
    return None


def passes_on(scope: Scope, handler: int) -> bool:
    """Whether a handler raises, ends the process, or gives the exception to somebody."""
    caught = ""
    for event in scope.events:
        if not within(scope, event.region, handler):
            continue
        if isinstance(event, Raise):
            return True
        if isinstance(event, Write) and event.how == "except" and event.region == handler:
            caught = event.target.id if isinstance(event.target, Name) else ""
        elif isinstance(event, Call):
            name = last_name(event.function)
            if name in _ENDS or (caught and name in _TAKERS and mentions(event.arguments, caught)):
                return True
        elif isinstance(event, Write) and caught and mentions(event.value, caught):
            return True
    return False


def ends_with(scope: Scope, handler: int) -> bool:
    """Whether a coroutine ends with a handler: it returns, or leaves the loop, and nothing follows."""
    inside = [event for event in scope.events if within(scope, event.region, handler)]
    if any(isinstance(event, Return) for event in inside):
        return True
    loops = [index for index, region in around(scope, handler) if region.kind in {"for", "while"}]
    if not loops:
        return not goes_on_after(scope, handler)
    breaks = any(isinstance(event, Jump) and event.how == "break" for event in inside)
    stops = any(_stops(event, scope.regions[loops[0]].subject) for event in inside)
    return (breaks or stops) and len(loops) == 1 and not goes_on_after(scope, loops[0])


def _stops(event: Event, condition: Expr | None) -> bool:
    """Whether an event sets what a loop runs on."""
    target = event.target if isinstance(event, Write) else None
    if isinstance(target, Name):
        return mentions(condition, target.id)
    return isinstance(target, Attr) and contains(condition, target)


def goes_on_after(scope: Scope, handler: int) -> bool:
    """Whether a coroutine calls or awaits anything after a handler, cleaning up left aside."""
    end = scope.regions[handler].place.end_line
    tests = {(each.parent, each.subject) for _, each in around(scope, handler) if each.kind == "if"}
    return any(
        isinstance(event, (Call, Await))
        and event.place.line > end
        and getattr(event, "awaited", True)
        and not any(_is_apart(each, tests) for _, each in around(scope, event.region))
        for event in scope.events
    )


def _is_apart(region: Region, tests: set[tuple[int, Expr | None]]) -> bool:
    """Whether a region cleans up, handles errors, or is the ``else`` of a test that led elsewhere."""
    other = region.kind == "else" and (region.parent, region.subject) in tests
    return other or region.kind in {"finally", "except"}
