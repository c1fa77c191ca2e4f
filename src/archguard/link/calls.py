"""The call graph: what each scope calls, at once or handed on, and how the callee then runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import msgspec

from archguard.link import once
from archguard.link.answers import Table
from archguard.link.handovers import as_handed
from archguard.link.shapes import UNKNOWN
from archguard.link.types import Resolver
from archguard.model.facts import Attr as AttrExpr
from archguard.model.facts import Call, Container, Expr, Name, Op, Read, Region, Result
from archguard.model.finding import Confidence
from archguard.model.lookups import bound_value
from archguard.model.place import Place
from archguard.model.policy import Mode, Receiver
from archguard.model.program import Class, Edge, Function, Module
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

ROUTER_ROLES = {"asgi-app", "router", "wsgi-app", "wsgi-router"}
"""The roles of what endpoints are registered at."""

_ENTERING = {True: ("__aenter__", "__aexit__"), False: ("__enter__", "__exit__")}
_CLASS = External("type")
_ENTERED = {"with", "for", "comprehension"}
_ITERATING = {True: ("__aiter__", "__anext__"), False: ("__iter__", "__next__")}


class _Target(msgspec.Struct, frozen=True):
    function: Function
    via: str
    confidence: Confidence


class ModuleCalls(NamedTuple):
    """The calls of a module's scopes, and what could not be resolved, by reason.

    ``routers`` are the calls of each scope that make what endpoints are registered at, by its own class or
    one of the project derived from it.
    """

    edges: Mapping[Function, tuple[Edge, ...]]
    gaps: Mapping[str, int]
    routers: Mapping[Function, tuple[int, ...]]


class CallGraph:
    """Resolves the calls of one module at a time."""

    def __init__(self, resolver: Resolver) -> None:
        self._types = resolver
        self._receivers = resolver.policy.knowledge.receivers
        roles = resolver.policy.knowledge.roles
        self._routers = {path for path, role in roles.items() if role in ROUTER_ROLES}
        self._gaps: Counter[str] = Counter()
        self._made: dict[Function, tuple[int, ...]] = {}
        self._once = once.OnceCalls(resolver.returns)
        answers = resolver.answers
        self._wrapped: Table[Function, None, bool] = Table(answers, "wrapped", self._moves_away, False)
        self._awaits: Table[Function, int, bool] = Table(answers, "async inside", self._async_inside, False)
        self._derived: Table[Class, None, bool] = Table(answers, "derived", self._is_router, False)
        self._kept: Table[Function, None, bool] = Table(answers, "kept", self._keeps_result, False)
        self._inherited: Table[Function, None, Receiver | None] = Table(
            answers, "receiver", self._inherited_receiver, None
        )

    def of(self, module: Module) -> ModuleCalls:
        """The calls of all scopes of a module."""
        self._gaps, self._made = Counter(), {}
        with self._types.answers.within(module):
            edges = {function: self._edges(function) for function in self._types.scopes[module]}
        return ModuleCalls(edges, self._gaps, self._made)

    def _is_router(self, cls: Class, _: None) -> bool:
        above = self._types.classes.known_ancestors(cls)
        return any(isinstance(base, External) and base.path in self._routers for base in above)

    def _edges(self, function: Function) -> tuple[Edge, ...]:
        """All calls of a scope, in the order of its events; managers and loops after them."""
        events = function.scope.events
        callee = self._types.callee
        callees = {i: callee(function, event) for i, event in enumerate(events) if type(event) is Call}
        made = tuple(
            index
            for index, value in callees.items()
            if (value.path in self._routers if type(value) is External else self._makes_router(value))
        )
        if made:
            self._made[function] = made
        modes: dict[int, Mode] = {}
        handed: dict[int, list[Edge]] = {}
        for index, value in callees.items():
            if type(value) is not External or value.path in self._receivers:
                self._hand_on(function, index, value, modes, handed)
        found: list[Edge] = []
        properties = self._types.members.property_names()
        for index, event in enumerate(events):
            if type(event) is Call:
                self._call(found, function, index, callees[index], modes.get(index))
                found += handed.get(index, ())
            elif type(event) is Read and type(event.value) is AttrExpr and properties:
                found += self._property(function, index, event, properties)
        for region in function.scope.regions:
            if region.subject is not None and region.kind in _ENTERED:
                found += self._region(function, region, region.subject)
        return tuple(self._marked(function, as_handed(function, found) if handed else found))

    def _makes_router(self, callee: Value) -> bool:
        """Whether a call makes, or may make, a router or an application."""
        if type(callee) is Unknown or type(callee) is FunctionRef:
            return False
        for each in options_of(callee):
            made = each
            if type(each) is Instance and each.of == _CLASS and each.arguments:
                inner = each.arguments[0]
                made = inner.of if isinstance(inner, Instance) else inner
            if type(made) is External and made.path in self._routers:
                return True
            if type(made) is ClassRef and self._derived.get(made.cls, None):
                return True
        return False

    def _marked(self, function: Function, edges: list[Edge]) -> list[Edge]:
        """The edges, where those that run once say so."""
        filling = once.filling(function)
        return [
            msgspec.structs.replace(edge, once=True)
            if edge.event in filling or (edge.callee is not None and self._kept.get(edge.callee, None))
            else edge
            for edge in edges
        ]

    def _keeps_result(self, function: Function, _: None) -> bool:
        return self._once.is_cached(function)

    # --- plain calls ----------------------------------------------------------------------------

    def _call(self, found: list[Edge], caller: Function, index: int, value: Value, mode: Mode | None) -> None:
        call = caller.scope.events[index]
        assert isinstance(call, Call)
        self._gaps["calls"] += 1
        options = options_of(value)
        certain = Confidence.HIGH if len(options) == 1 else Confidence.MEDIUM
        seen = False
        start = len(found)
        for option in options:
            if type(option) is External:
                runs: Mode = "await" if call.awaited else "call"
                found.append(Edge(caller, index, call.place, runs, None, option.path, "", certain))
            elif type(option) is Unknown or type(option) is Literal:
                continue
            elif type(option) is Instance and type(option.of) is External and option.of != _CLASS:
                path = f"{option.of.path}.__call__"
                found.append(Edge(caller, index, call.place, "call", None, path, "", certain))
            else:
                for target in self._targets(option):
                    runs = self._mode(target.function, call, mode)
                    sure = min(certain, target.confidence)
                    found.append(Edge(caller, index, call.place, runs, target.function, "", target.via, sure))
            seen = True
        if call.awaited and len(options) > 1:
            found[start:] = self._awaitable(found[start:])
        if not seen:
            reason = next((o.reason for o in options if isinstance(o, Unknown)), "literal")
            self._gaps[f"unresolved:{reason or 'unknown'}"] += 1

    def _awaitable(self, edges: list[Edge]) -> list[Edge]:
        """Of an awaited call's options: where a coroutine is among them, the sync namesakes are not meant."""
        called = (edge.callee for edge in edges if edge.callee is not None)
        if not any(self._types.runs(callee).is_async for callee in called):
            return edges
        return [edge for edge in edges if edge.callee is None or edge.mode != "call"]

    def _mode(self, callee: Function, call: Call, handed: Mode | None) -> Mode:
        runs = self._types.runs(callee)
        if runs.is_generator:  # its body runs where it is iterated: an async one on the loop
            return handed if handed is not None and not runs.is_async else "call"
        if not runs.is_async:
            return "call"
        if call.awaited:
            return "await"
        if handed is not None:
            return handed
        # Whoever keeps, returns or passes on a coroutine means to have it awaited.
        return "create" if call.discarded else "await"

    def _targets(self, value: Value) -> Iterator[_Target]:
        if isinstance(value, FunctionRef):
            yield from self._dispatch(value)
        elif isinstance(value, Instance) and value.of == _CLASS and value.arguments:
            inner = value.arguments[0]
            if isinstance(inner, Instance):
                yield from self._targets(inner.of)
        elif isinstance(value, ClassRef):
            for name in ("__init__", "__post_init__"):
                method = self._types.classes.find_method(value.cls, name)
                if isinstance(method, Function):
                    yield _Target(method, "constructor", Confidence.HIGH)
        elif isinstance(value, Instance) and isinstance(value.of, ClassRef):
            method = self._types.classes.find_method(value.of.cls, "__call__")
            if isinstance(method, Function):
                yield from self._dispatch(FunctionRef(method, value))

    def _dispatch(self, ref: FunctionRef) -> Iterator[_Target]:
        """The function itself, and what subclasses put in its place where the receiver may be one."""
        function, receiver = ref.function, ref.receiver
        if self._is_wrapped(function):
            return
        yield _Target(function, "", Confidence.HIGH)
        if isinstance(receiver, Instance) and isinstance(receiver.of, ClassRef) and not receiver.proved:
            overrides = self._types.classes.overrides(receiver.of.cls, function.scope.name)
            limit = self._types.policy.limits.dispatch
            if len(overrides) > limit:
                self._gaps["limit:dispatch"] += 1
            for override in overrides[:limit]:
                if override is not function and not self._is_wrapped(override):
                    yield _Target(override, "override", Confidence.MEDIUM)

    def _is_wrapped(self, function: Function) -> bool:
        """Whether a decorator of the project puts a coroutine in a sync function's place.

        Such a decorator moves the function to a thread, retries it or both; what runs where is then
        its wrapper's business, and calling the function's name does not run its body here.
        """
        return self._wrapped.get(function, None)

    def _moves_away(self, function: Function, _: None) -> bool:
        scope = function.scope
        return not scope.is_async and any(self._makes_async(function, each) for each in scope.decorators)

    def _makes_async(self, function: Function, decorator: Expr) -> bool:
        outer = self._types.scopes[function.module][function.scope.parent]
        if isinstance(decorator, Result):
            event = outer.scope.events[decorator.event]
            value = self._types.callee(outer, event) if isinstance(event, Call) else Unknown()
            levels = 2
        else:
            value, levels = self._types.value(outer, decorator), 1
        if isinstance(value, External):
            receiver = self._receivers.get(value.path)
            return receiver is not None and receiver.mode in {"threadpool", "thread", "process"}
        return isinstance(value, FunctionRef) and self._awaits.get(value.function, levels)

    def _async_inside(self, function: Function, levels: int) -> bool:
        """Whether a function defined so many levels inside is a coroutine function."""
        inner = [function]
        for _ in range(levels):
            inner = [child for scope in inner for child in self._types.bindings.children(scope)]
        return any(scope.scope.is_async for scope in inner)

    # --- callables handed on --------------------------------------------------------------------

    def _hand_on(
        self,
        caller: Function,
        index: int,
        callee: Value,
        modes: dict[int, Mode],
        handed: dict[int, list[Edge]],
    ) -> None:
        for option in options_of(callee):
            receiver = self._receiver(option)
            call = caller.scope.events[index]
            if receiver is None or not isinstance(call, Call):
                continue
            for expr in _handed_arguments(call, receiver):
                made = _made_locally(caller, expr)
                if receiver.mode == "threadpool" and isinstance(made, Result):
                    modes[made.event] = receiver.mode
                if isinstance(expr, Result):
                    modes[expr.event] = receiver.mode
                    continue
                for value in options_of(self._types.value(caller, expr)):
                    handed.setdefault(index, []).extend(self._handed(caller, index, call, value, receiver))

    def _receiver(self, value: Value) -> Receiver | None:
        if isinstance(value, External):
            return self._receivers.get(value.path)
        if isinstance(value, FunctionRef) and value.function.owner is not None:
            return self._inherited.get(value.function, None)
        return None

    def _inherited_receiver(self, method: Function, _: None) -> Receiver | None:
        """A project's override of a library's method that runs what it is handed does so too."""
        owner = method.owner
        for each in self._types.classes.known_ancestors(owner) if owner else ():
            if isinstance(each, External):
                found = self._receivers.get(f"{each.path}.{method.scope.name}")
                if found is not None:
                    return found
        return None

    def _handed(
        self, caller: Function, index: int, call: Call, value: Value, receiver: Receiver
    ) -> Iterator[Edge]:
        if isinstance(value, Awaitable) and value.call is not None:
            value = value.call
        for target in self._targets(value):
            mode = receiver.mode
            if mode == "callback" and self._types.runs(target.function).is_async:
                mode = "task"
            elif mode == "callback" and receiver.symbol.endswith("BackgroundTasks.add_task"):
                mode = "threadpool"
            yield Edge(caller, index, call.place, mode, target.function, "", "handed-on", target.confidence)

    # --- properties, managers, iteration ----------------------------------------------------------

    def _property(
        self, caller: Function, index: int, event: Read, properties: frozenset[str]
    ) -> Iterator[Edge]:
        expr = event.value
        while type(expr) is AttrExpr:
            base = self._types.value(caller, expr.base) if expr.name in properties else UNKNOWN
            for option in options_of(base):
                if isinstance(option, Instance) and isinstance(option.of, ClassRef):
                    method = self._types.classes.find_method(option.of.cls, expr.name)
                    if isinstance(method, Function) and self._types.members.is_property(method):
                        yield Edge(caller, index, event.place, "call", method, "", "property")
            expr = expr.base

    def _region(self, caller: Function, region: Region, subject: Expr) -> Iterator[Edge]:
        table, via = (_ENTERING, "with") if region.kind == "with" else (_ITERATING, "iteration")
        place = region.place
        head = Place(place.line, place.column, place.line, place.column + 1)
        for given in options_of(self._types.value(caller, subject)):
            option = given.result if isinstance(given, Awaitable) else given
            if not isinstance(option, Instance):
                continue
            for name in table[region.is_async]:
                if isinstance(option.of, External):
                    path = f"{option.of.path}.{name}"
                    if path in self._types.policy.knowledge.blocking:
                        yield Edge(caller, -1, head, "call", None, path, via)
                    continue
                method = self._types.classes.find_method(option.of.cls, name)
                if isinstance(method, Function):
                    mode: Mode = "await" if self._types.runs(method).is_async else "call"
                    yield Edge(caller, -1, head, mode, method, "", via)


def _handed_arguments(call: Call, receiver: Receiver) -> list[Expr]:
    """The arguments that a receiver runs: one, or each of them for gather and its like."""
    chosen: list[Expr] = []
    if receiver.argument < 0:
        chosen = list(call.arguments)
    elif len(call.arguments) > receiver.argument:
        chosen = [call.arguments[receiver.argument]]
    if receiver.keyword:
        chosen += [value for name, value in call.keywords if name == receiver.keyword]
    return [leaf for expr in chosen for leaf in _leaves(expr)]


def _made_locally(caller: Function, expr: Expr) -> Expr:
    """The call that makes a local value, or the expression itself."""
    bound = bound_value(caller, expr.id) if isinstance(expr, Name) else None
    return bound if isinstance(bound, Result) else expr


def _leaves(expr: Expr) -> Iterator[Expr]:
    """The callables in a list, a starred list or a comprehension of them."""
    if isinstance(expr, Container):
        for item in expr.items:
            yield from _leaves(item)
    elif isinstance(expr, Op) and expr.kind in {"*", "listcomp", "generator", "setcomp"}:
        yield from _leaves(expr.operands[0])
    else:
        yield expr
