"""Calls that run once in the life of a process: what fills a kept value, and cached functions.

The first caller waits for them as it would wait for start-up; nobody waits again.
"""

from __future__ import annotations

from collections.abc import Iterator

from archguard.link.returns import Returns
from archguard.model.facts import Attr, Call, Const, Expr, Name, Op, Return, Scope, Write
from archguard.model.program import Function

_CACHES = {"functools.lru_cache", "functools.cache"}


class OnceCalls:
    """Tells which calls of a scope run once; built for one call graph."""

    def __init__(self, returns: Returns) -> None:
        self._returns = returns
        self._cached: dict[Function, bool] = {}

    def is_cached(self, callee: Function) -> bool:
        """Whether a function without parameters keeps its first result for ever."""
        scope = callee.scope
        if not scope.decorators or scope.parameters:
            return False
        found = self._cached.get(callee)
        if found is None:
            found = self._cached[callee] = any(each in _CACHES for each in self._returns.decorators(callee))
        return found


def filling(function: Function) -> frozenset[int]:
    """The calls that only run while a value kept by the module or a class is missing."""
    scope = function.scope
    kept = _kept(function)
    if not kept:
        return frozenset()
    return frozenset(
        index
        for index, event in enumerate(scope.events)
        if type(event) is Call
        and (_is_filling(scope, event.region, kept) or _after_return(scope, index, kept))
    )


def _kept(function: Function) -> set[Expr]:
    """The globals and class attributes that the scope itself writes."""
    scope = function.scope
    owners = {"cls", function.owner.scope.name} if function.owner else set()
    if not scope.globals and not owners:
        return set()
    return {
        event.target
        for event in scope.events
        if type(event) is Write
        and (
            (type(event.target) is Name and event.target.id in scope.globals)
            or (
                type(event.target) is Attr
                and type(event.target.base) is Name
                and event.target.base.id in owners
            )
        )
    }


def _enclosing(scope: Scope, region: int) -> Iterator[int]:
    while region > 0:
        yield region
        region = scope.regions[region].parent


def _is_filling(scope: Scope, region: int, kept: set[Expr]) -> bool:
    """Whether a region is entered only while one of the values is missing."""
    for index in _enclosing(scope, region):
        each = scope.regions[index]
        if each.kind == "if" and _asks(each.subject, kept, missing=True):
            return True
        if each.kind == "else" and _asks(each.subject, kept, missing=False):
            return True
    return False


def _after_return(scope: Scope, index: int, kept: set[Expr]) -> bool:
    """Whether an earlier ``if it is there: return it`` stands before an event."""
    around = {0, *_enclosing(scope, scope.events[index].region)}
    for event in scope.events[:index]:
        if type(event) is Return:
            region = scope.regions[event.region]
            if region.kind == "if" and region.parent in around and _asks(region.subject, kept, missing=False):
                return True
    return False


def _asks(test: Expr | None, kept: set[Expr], *, missing: bool) -> bool:
    """Whether a test holds only if one of the values is missing, or only if it is there."""
    if isinstance(test, Op) and test.kind == "and":
        return any(_asks(each, kept, missing=missing) for each in test.operands)
    if isinstance(test, Op) and test.kind in {"cmp is", "cmp is not"} and test.operands[1] == Const(None):
        return test.operands[0] in kept and (test.kind == "cmp is") == missing
    if isinstance(test, Op) and test.kind == "not":
        return missing and test.operands[0] in kept
    return not missing and test in kept
