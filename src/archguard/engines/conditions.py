"""What an engine cannot see and our facts can: conditions under which a hit of its is no finding."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from archguard.model.facts import (
    Attr,
    Call,
    Container,
    Expr,
    FileFacts,
    Name,
    PythonFacts,
    Raise,
    Result,
    Scope,
)

Condition = Callable[[Scope, Call], bool]
"""Whether the call of a scope makes the hit on its line no finding."""

_BROAD = frozenset({"Exception", "BaseException"})


def excused(condition: str, facts: FileFacts | None, line: int) -> bool:
    """Whether a call that begins on the line fulfils the condition."""
    if not condition or not isinstance(facts, PythonFacts):
        return False
    return any(CONDITIONS[condition](scope, call) for scope, call in _calls(facts, line))


def _calls(facts: PythonFacts, line: int) -> Iterator[tuple[Scope, Call]]:
    for scope in facts.scopes:
        for event in scope.events:
            if isinstance(event, Call) and event.place.line == line:
                yield scope, event


def _keeps_traceback(scope: Scope, call: Call) -> bool:
    """The traceback is logged, here or beside it; goes on with the exception; or says nothing new.

    Where a handler names what it expects, the message says what happened; only one that takes everything
    leaves a reader without the place.
    """
    if not isinstance(call.function, Attr):
        return False
    if any(keyword == "exc_info" for keyword, _ in call.keywords):
        return True
    inside = call.region
    while inside > 0 and scope.regions[inside].kind != "except":
        inside = scope.regions[inside].parent
    caught = scope.regions[inside]
    if caught.kind != "except" or not _is_broad(caught.subject):
        return True
    return any(_tells(event) for event in scope.events if _within(scope, event.region, inside))


def _tells(event: object) -> bool:
    """Whether an event of the handler logs the traceback or lets the exception go on."""
    if isinstance(event, Raise):
        return not isinstance(event.value, Result)
    return isinstance(event, Call) and isinstance(event.function, Attr) and event.function.name == "exception"


def _is_broad(caught: Expr | None) -> bool:
    if isinstance(caught, Container):
        return any(_is_broad(item) for item in caught.items)
    return caught is None or (isinstance(caught, Name) and caught.id in _BROAD)


def _within(scope: Scope, region: int, outer: int) -> bool:
    while region > outer:
        region = scope.regions[region].parent
    return region == outer


def _makes_timestamp(scope: Scope, call: Call) -> bool:
    """``datetime.now().timestamp()``: the moment is right whatever the machine's time zone."""
    made = call.function
    return isinstance(made, Attr) and made.name == "timestamp" and isinstance(made.base, Result)


CONDITIONS: Mapping[str, Condition] = {
    "traceback-kept": _keeps_traceback,
    "timestamp": _makes_timestamp,
}
"""By the name that tables use."""
