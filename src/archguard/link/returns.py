"""What functions return: declared, or seen in their return and yield statements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archguard.link.answers import Table
from archguard.link.classes import joined, union
from archguard.link.names import outer_of
from archguard.link.shapes import UNKNOWN
from archguard.model.facts import Call, Expr, Result, Return, Yield
from archguard.model.program import Function
from archguard.model.values import (
    Awaitable,
    ClassRef,
    External,
    FunctionRef,
    Instance,
    Literal,
    Unknown,
    Value,
    options_of,
)

if TYPE_CHECKING:
    from archguard.link.types import Resolver

_CONTEXT_MANAGERS = {"contextlib.contextmanager", "contextlib.asynccontextmanager"}
_GENERATORS = {"Generator", "AsyncGenerator", "Iterator", "AsyncIterator", "Iterable", "AsyncIterable"}


class Returns:
    """Results of project functions; part of the `Resolver`, which it asks for everything else."""

    def __init__(self, resolver: Resolver) -> None:
        self._types = resolver
        self._known: Table[Function, None, Value] = Table(
            resolver.answers, "returns", self._returned, Unknown("cycle")
        )
        self._decorators: Table[Function, None, tuple[str, ...]] = Table(
            resolver.answers, "decorators", self._decorated, ()
        )

    def of(self, callee: FunctionRef) -> Value:
        """What calling a project function gives; a coroutine function gives an Awaitable."""
        function = callee.function
        result = self._known.get(function, None)
        if isinstance(result, Instance) and result.of == External("typing.Self"):
            result = callee.receiver or result
        runs = self._types.runs(function)
        return Awaitable(result, callee) if runs.is_async and not runs.is_generator else result

    def _returned(self, function: Function, _: None) -> Value:
        scope = function.scope
        declared: Value = UNKNOWN
        if scope.returns is not None:
            declared = self._types.annotation(outer_of(self._types, function), scope.returns)
        managed = any(each in _CONTEXT_MANAGERS for each in self.decorators(function))
        if scope.is_generator or managed:
            given = element if (element := _generated(declared)) else self._yielded(function)
            kind = "contextlib.AbstractContextManager" if managed else "typing.Iterator"
            return Instance(External(kind), (given,))
        if not isinstance(declared, (Unknown, Literal)):
            return self._refined(function, declared)
        values = [
            self._types.value(function, event.value)
            for event in scope.events
            if type(event) is Return and event.value is not None
        ]
        return joined(self._types.policy.limits.union, values) if values else Unknown("no-return")

    def _refined(self, function: Function, declared: Value) -> Value:
        """What is declared, sharpened by what is seen to be returned.

        A declared base class whose returned subclass is seen is that subclass; a declared library class
        may be a stub's name for it, so that the object really built is an alternative.
        """
        if not isinstance(declared, Instance):
            return declared
        values = [
            self._types.value(function, event.value)
            for event in function.scope.events
            if type(event) is Return and event.value is not None
        ]
        known = [v for value in values for v in options_of(value)]
        limit = self._types.policy.limits.union
        if isinstance(declared.of, External):
            built = [v for v in known if isinstance(v, Instance) and isinstance(v.of, External)]
            return union([declared, *built], limit) or declared
        subclasses = [v for v in known if isinstance(v, Instance) and isinstance(v.of, ClassRef)]
        return union(subclasses, limit) or declared if len(subclasses) == len(known) else declared

    def _yielded(self, function: Function) -> Value:
        values = [
            self._types.value(function, event.value)
            for event in function.scope.events
            if type(event) is Yield and event.value is not None and not event.delegated
        ]
        return joined(self._types.policy.limits.union, values) if values else UNKNOWN

    def decorators(self, function: Function) -> tuple[str, ...]:
        """The external paths of a function's or class's decorators, called or not; empty for others."""
        return self._decorators.get(function, None)

    def _decorated(self, function: Function, _: None) -> tuple[str, ...]:
        return tuple(self._decorator(function, each) for each in function.scope.decorators)

    def _decorator(self, function: Function, decorator: Expr) -> str:
        outer = outer_of(self._types, function)
        if isinstance(decorator, Result):
            events = outer.scope.events
            call = events[decorator.event] if 0 <= decorator.event < len(events) else None
            if not isinstance(call, Call):
                return ""
            decorator = call.function
        found = self._types.value(outer, decorator)
        return found.path if isinstance(found, External) else ""


def _generated(declared: Value) -> Value | None:
    """The element of a declared generator or iterator."""
    if not (isinstance(declared, Instance) and isinstance(declared.of, External) and declared.arguments):
        return None
    first = declared.arguments[0]
    known = declared.of.path.rpartition(".")[2] in _GENERATORS and not isinstance(first, Unknown)
    return first if known else None
