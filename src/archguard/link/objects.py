"""Which object a name stands for: the call that built it, followed through names, imports and factories."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from archguard.link.types import Resolver
from archguard.model.facts import (
    Attr,
    Call,
    Const,
    Container,
    Expr,
    Import,
    Name,
    Op,
    Parameter,
    Result,
    Return,
    Text,
    Write,
)
from archguard.model.program import Edge, Function
from archguard.model.values import ClassRef, FunctionRef, Instance, ModuleRef, options_of

_HOPS = 12


class Built(NamedTuple):
    """An object, identified by the call that built it."""

    scope: Function
    event: int

    @property
    def call(self) -> Call:
        """That call."""
        event = self.scope.scope.events[self.event]
        assert isinstance(event, Call)
        return event


class Objects:
    """Follows expressions to the calls that built their objects."""

    def __init__(self, resolver: Resolver, callers: Callable[[Function], tuple[Edge, ...]]) -> None:
        self._types = resolver
        self._callers = callers
        self.lifespans: dict[Function, list[Built]] = {}
        """Which applications run a function as their lifespan, and so hand themselves to it."""

    def built(self, scope: Function, expr: Expr, hops: int = _HOPS) -> Iterator[Built]:
        """The constructions that an expression may stand for."""
        if hops <= 0:
            return
        if isinstance(expr, Result):
            yield from self._from_call(scope, expr, hops)
        elif isinstance(expr, Name):
            yield from self._from_name(scope, expr.id, hops)
        elif isinstance(expr, Attr):
            yield from self._from_attribute(scope, expr, hops)
        elif isinstance(expr, Container):
            for item in expr.items:
                yield from self.built(scope, item, hops - 1)

    def _from_call(self, scope: Function, expr: Result, hops: int) -> Iterator[Built]:
        event = scope.scope.events[expr.event]
        if not isinstance(event, Call):
            return
        for callee in options_of(self._types.callee(scope, event)):
            if isinstance(callee, FunctionRef):
                for returned in callee.function.scope.events:
                    if isinstance(returned, Return) and returned.value is not None:
                        yield from self.built(callee.function, returned.value, hops - 1)
                return
        yield Built(scope, expr.event)

    def _from_name(self, scope: Function, name: str, hops: int) -> Iterator[Built]:
        bound = self._types.names.binder(scope, name)
        if bound is None:
            return
        for binding in bound[1]:
            what = binding.what
            if isinstance(what, Write) and what.value is not None and what.how in {"=", "for", "with"}:
                yield from self.built(binding.scope, what.value, hops - 1)
            elif isinstance(what, Import) and what.name is not None:
                target, _ = self._types.modules.target(bound[0].module, what)
                if target is not None and self._types.modules.submodule(target, what.name) is None:
                    yield from self._from_name(self._types.scopes[target][0], what.name, hops - 1)
            elif isinstance(what, Parameter):
                yield from self._from_callers(binding.scope, what, hops)

    def _from_callers(self, function: Function, parameter: Parameter, hops: int) -> Iterator[Built]:
        """What callers pass for a parameter: ``def register(app): app.include_router(…)``."""
        yield from self.lifespans.get(function, ())
        names = [each.name for each in function.scope.parameters]
        position = names.index(parameter.name) - (1 if function.owner is not None else 0)
        for edge in self._callers(function):
            call = edge.caller.scope.events[edge.event] if edge.event >= 0 else None
            if not isinstance(call, Call):
                continue
            given = dict(call.keywords).get(parameter.name)
            if given is None and 0 <= position < len(call.arguments):
                given = call.arguments[position]
            if given is not None:
                yield from self.built(edge.caller, given, hops - 1)

    def _from_attribute(self, scope: Function, expr: Attr, hops: int) -> Iterator[Built]:
        for base in options_of(self._types.value(scope, expr.base)):
            if isinstance(base, ModuleRef):
                yield from self._from_name(self._types.scopes[base.module][0], expr.name, hops - 1)
            elif isinstance(base, (Instance, ClassRef)):
                cls = base.of if isinstance(base, Instance) else base
                if isinstance(cls, ClassRef):
                    for assigned, write in self._types.classes.assignments(cls.cls, expr.name):
                        if write.value is not None:
                            yield from self.built(assigned, write.value, hops - 1)

    def text(self, scope: Function, expr: Expr | None, hops: int = _HOPS) -> str | None:
        """A string that is the same at every run, or None."""
        if expr is None or hops <= 0:
            return None
        if isinstance(expr, Const):
            return expr.value if isinstance(expr.value, str) else None
        if isinstance(expr, Text):
            parts = [self.text(scope, part, hops - 1) for part in expr.parts]
            return None if None in parts else "".join(part for part in parts if part is not None)
        if isinstance(expr, Op) and expr.kind == "bin+":
            left, right = (self.text(scope, side, hops - 1) for side in expr.operands)
            return left + right if left is not None and right is not None else None
        if isinstance(expr, Name):
            return self._text_of_name(scope, expr.id, hops)
        if isinstance(expr, Attr):
            return self._text_of_attribute(scope, expr, hops)
        return None

    def _text_of_name(self, scope: Function, name: str, hops: int) -> str | None:
        bound = self._types.names.binder(scope, name)
        if bound is None or len(bound[1]) != 1:
            return None
        binding = bound[1][0]
        what = binding.what
        if isinstance(what, Write) and what.how == "=":
            return self.text(binding.scope, what.value, hops - 1)
        if isinstance(what, Parameter):
            return self.text(bound[0], what.default, hops - 1)
        if isinstance(what, Import) and what.name is not None:
            target, _ = self._types.modules.target(bound[0].module, what)
            return self._text_of_name(self._types.scopes[target][0], what.name, hops - 1) if target else None
        return None

    def _text_of_attribute(self, scope: Function, expr: Attr, hops: int) -> str | None:
        base = self._types.value(scope, expr.base)
        if isinstance(base, ModuleRef):
            return self._text_of_name(self._types.scopes[base.module][0], expr.name, hops - 1)
        cls = base.of if isinstance(base, Instance) else base
        if isinstance(cls, ClassRef):
            assigned = self._types.classes.assignments(cls.cls, expr.name)
            if len(assigned) == 1:
                return self.text(assigned[0].scope, assigned[0].write.value, hops - 1)
        return None
