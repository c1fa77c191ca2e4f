"""What is surely meant: the class of a receiver, the function of a call, and what they surely lack.

Rules that say "this is not there" ask here, so that what cannot be known is left alone in one place.
"""

from __future__ import annotations

from collections.abc import Iterator

from archguard.model.arguments import misfit
from archguard.model.facts import Attr, Call, Const, Expr, Name, Read, Result, Scope
from archguard.model.handlers import handler_around
from archguard.model.lookups import around, last_name
from archguard.model.program import Class, Function, Program, events_of
from archguard.model.values import ClassRef, FunctionRef, Instance, Unknown

_ASKING = (Name("hasattr"), Name("getattr"), Name("isinstance"))
_ABSENCE = frozenset({"AttributeError"})


def certain_class(program: Program, function: Function, base: Expr) -> Class | None:
    """The class of a receiver that was seen to be constructed, or that is ``self`` and nothing below it."""
    value = program.types.value(function, base)
    if type(value) is not Instance or type(value.of) is not ClassRef:
        return None
    call = function.scope.events[base.event] if isinstance(base, Result) else None
    if isinstance(call, Call) and call.function == Name("super"):
        return None  # which class comes next in the order, a subclass decides
    cls = value.of.cls
    if value.proved:
        return cls
    own = isinstance(base, Name) and function.owner is cls and "Mixin" not in cls.scope.name
    return cls if own and not program.types.subclasses(cls) else None


def certain_function(program: Program, function: Function, call: Call) -> FunctionRef | None:
    """The function that a call surely runs as it is written, with no decorator or partial in between."""
    target = program.types.callee(function, call)
    if type(target) is not FunctionRef:
        return None
    callee, receiver = target.function, target.receiver
    if callee.scope.decorators or callee.scope.kind == "lambda" or callee.scope.name == "__new__":
        return None
    if last_name(call.function) != callee.scope.name:
        return None  # a partial of it, or one of several that a name stands for
    if "#" in callee.qualname or f"{callee.qualname}#2" in program.functions:
        return None  # defined more than once: which one it is depends on the run
    if callee.owner is None:
        return target
    known = isinstance(receiver, Instance) and (receiver.proved or not program.types.subclasses(callee.owner))
    return target if known else None


def absent_attributes(program: Program, function: Function) -> Iterator[tuple[Read | Call, Class, str]]:
    """Attributes that are read and that the receiver's certain, fully seen class does not have; each once."""
    scope = function.scope
    seen: set[tuple[Class, str]] = set()
    for event in scope.events:
        if type(event) is not Read and type(event) is not Call:
            continue
        expr: Expr = event.value if type(event) is Read else event.function  # type: ignore[union-attr]
        if type(event) is Call and type(expr) is Attr and _is_known(program, function, event):
            expr = expr.base  # what the call means is known, so the attribute is there
        while type(expr) is Attr:
            cls = certain_class(program, function, expr.base)
            name, expr = expr.name, expr.base
            if cls is None or (cls, name) in seen or not _lacks(program, cls, name):
                continue
            if not expects_absence(scope, event.region) and not _is_asked_for(scope, name):
                seen.add((cls, name))
                yield event, cls, name


def misfitting_calls(program: Program, function: Function) -> Iterator[tuple[Call, Function, str]]:
    """Calls of certain functions with arguments that they do not take, and how these do not fit."""
    for _, call in events_of(function, Call):
        target = certain_function(program, function, call)
        if target is not None:
            problem = misfit(target.function, call, has_receiver=target.receiver is not None)
            if problem and not expects_absence(function.scope, call.region):
                yield call, target.function, problem


def expects_absence(scope: Scope, region: int) -> bool:
    """Whether an enclosing test or handler expects that something is not there."""
    tested = any(r.kind in {"if", "case", "else"} and r.subject is not None for _, r in around(scope, region))
    asked = tested and any(isinstance(each, Call) and each.function in _ASKING for each in scope.events)
    return asked or handler_around(scope, region, _ABSENCE) is not None


def _is_known(program: Program, function: Function, call: Call) -> bool:
    return type(program.types.callee(function, call)) is not Unknown


def _lacks(program: Program, cls: Class, name: str) -> bool:
    known = program.types.attributes(cls)
    return known is not None and name not in known and not name.startswith("__")


def _is_asked_for(scope: Scope, name: str) -> bool:
    """Whether the scope asks for the attribute by name, in whatever expression."""
    return any(
        isinstance(event, Call) and event.function == Name("hasattr") and Const(name) in event.arguments
        for event in scope.events
    )
