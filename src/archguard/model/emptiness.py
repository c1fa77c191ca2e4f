"""What a scope's own tests say of containers: where one surely holds something, who leaves if it does not."""

from __future__ import annotations

from collections.abc import Collection

from archguard.model.facts import Attr, Call, Event, Expr, Op, Raise, Result, Return, Scope

_VIEWS = {"items", "keys", "values", "copy"}
_LOOPS = {"for", "comprehension"}


def holds_something(scope: Scope, region: int, objects: Collection[Expr]) -> bool:
    """Whether a region is only entered if one of these containers is not empty."""
    while region > 0:
        each = scope.regions[region]
        if each.subject is not None:
            if each.kind in {"if", "while"} and _needs_items(scope, each.subject, objects):
                return True
            if each.kind == "else" and _is_false_if_full(each.subject, objects):
                return True
            if each.kind in _LOOPS and _goes_over(scope, each.subject, objects):
                return True
        region = each.parent
    return False


def leaves_if_empty(scope: Scope, event: Event, objects: Collection[Expr]) -> bool:
    """Whether an event ends the scope for an empty container: ``if not names: return``."""
    if not isinstance(event, (Return, Raise)):
        return False
    region = scope.regions[event.region]
    return (
        region.kind == "if"
        and region.parent == 0
        and region.subject is not None
        and _is_false_if_full(region.subject, objects)
    )


def _is_false_if_full(test: Expr, objects: Collection[Expr]) -> bool:
    return isinstance(test, Op) and test.kind == "not" and test.operands[0] in objects


def _needs_items(scope: Scope, test: Expr, objects: Collection[Expr]) -> bool:
    """Whether a test cannot hold for an empty container."""
    if test in objects:
        return True
    if isinstance(test, Result):
        call = scope.events[test.event]
        if not isinstance(call, Call):
            return False
        if isinstance(call.function, Attr) and call.function.name == "get" and len(call.arguments) == 1:
            return call.function.base in objects
        return _is_length(call, objects)
    if not isinstance(test, Op):
        return False
    if test.kind == "and":
        return any(_needs_items(scope, each, objects) for each in test.operands)
    if test.kind == "cmp in":
        return test.operands[1] in objects
    if test.kind in {"cmp>", "cmp!="} and isinstance(test.operands[0], Result):
        return _needs_items(scope, test.operands[0], objects)
    return test.kind == "subscript" and test.operands[0] in objects


def _is_length(call: Call, objects: Collection[Expr]) -> bool:
    return (
        getattr(call.function, "id", "") in {"len", "any"}
        and call.arguments[:1] != ()
        and (call.arguments[0] in objects)
    )


def _goes_over(scope: Scope, iterable: Expr, objects: Collection[Expr]) -> bool:
    if iterable in objects:
        return True
    call = scope.events[iterable.event] if isinstance(iterable, Result) else None
    if not isinstance(call, Call):
        return False
    if isinstance(call.function, Attr) and call.function.name in _VIEWS:
        return call.function.base in objects
    return any(_goes_over(scope, each, objects) for each in call.arguments[:1])
