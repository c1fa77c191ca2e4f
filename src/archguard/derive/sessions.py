"""Sessions that may set a timeout of their own: by a subclass, an adapter, a replaced method."""

from __future__ import annotations

from collections.abc import Iterator

from archguard.model.facts import Attr, Call, Expr, Name, Result, Write
from archguard.model.program import Function, Program, events_of
from archguard.model.values import ClassRef, External, Instance, options_of

_SENDING = ("request", "send")
_PLAIN = (Instance(External("requests.adapters.HTTPAdapter"), proved=True),)


def is_adapted(program: Program, function: Function, call: Call) -> bool:
    """Whether the session that a call is a method of was given something that may set a timeout."""
    if not isinstance(call.function, Attr):
        return False
    base = call.function.base
    for value in options_of(program.types.value(function, base)):
        if isinstance(value, Instance) and isinstance(value.of, ClassRef):
            names = (f"{value.of.cls.qualname}.{method}" for method in _SENDING)
            if any(name in program.functions for name in names):
                return True
    return any(_adapts(program, scope) for scope in _makers(program, function, base))


def _makers(program: Program, function: Function, base: Expr) -> Iterator[Function]:
    """The scopes in which a session is likely set up: its module's, and those of who made it."""
    names = {base.id} if isinstance(base, Name) else set()
    named = (i.imported for i in program.imports if i.importer is function.module and i.name in names)
    for module in (function.module, *named):
        for scope in program.scopes[module]:
            yield scope
            made = {write.value for _, write in events_of(scope, Write) if write.target == base}
            for edge in program.edges_from(scope):
                if edge.callee is not None and Result(edge.event) in made:
                    yield edge.callee


def _adapts(program: Program, scope: Function) -> bool:
    for _, write in events_of(scope, Write):
        if isinstance(write.target, Attr) and write.target.name in _SENDING:
            return True
    mounted = (
        call.arguments[1]
        for _, call in events_of(scope, Call)
        if isinstance(call.function, Attr) and call.function.name == "mount" and len(call.arguments) > 1
    )
    return any(options_of(program.types.value(scope, each)) != _PLAIN for each in mounted)
