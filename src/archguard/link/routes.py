"""Endpoints of applications whose routers are objects: FastAPI, Starlette, Flask.

A router is identified by the call that built it; its full paths are those of every application that
includes it, however deep. Where no application can be seen to include it, the path starts with ``…``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from archguard.link.calls import ROUTER_ROLES
from archguard.link.inputs import InputFinder, Taken
from archguard.link.objects import Built, Objects
from archguard.link.types import Resolver
from archguard.model.endpoints import UNKNOWN_PREFIX, Declared, Framework, Registration, Route
from archguard.model.facts import Attr, Call, Const, Container, Expr, Name, Op, Result
from archguard.model.place import Span
from archguard.model.program import Function, Program
from archguard.model.responses import status_of
from archguard.model.values import ClassRef, External, FunctionRef, Instance, Value, options_of

_VERBS = {"get", "post", "put", "patch", "delete", "options", "head", "trace"}
_SOCKETS = {"websocket", "websocket_route"}
_GENERIC = {"route", "api_route"}
_ADDERS = {"add_api_route", "add_route", "add_url_rule", "add_api_websocket_route", "add_websocket_route"}
_INCLUDES = {"include_router", "mount", "register_blueprint", "include_routers", "add_namespace"}
_OF_STARLETTE = {"route", "add_route", "websocket_route", "add_websocket_route"}
_FRAMEWORKS: tuple[Framework, ...] = ("fastapi", "starlette", "flask")
_CLASS = External("type")


class _Terms(msgspec.Struct, frozen=True):
    """What an application, a router or an include says for every endpoint below it."""

    dependencies: tuple[Built, ...] = ()
    response_class: str = ""
    hidden: bool = False

    def around(self, inner: _Terms) -> _Terms:
        """The terms of something inside; the inner response class wins."""
        return _Terms(
            (*self.dependencies, *inner.dependencies),
            inner.response_class or self.response_class,
            self.hidden or inner.hidden,
        )


class _Include(msgspec.Struct, frozen=True):
    """What one router includes: ``prefix`` is the include's and the child's own (Flask: instead of it)."""

    child: Built
    prefix: str
    terms: _Terms
    place: Registration


class _Router(msgspec.Struct):
    built: Built
    framework: Framework
    application: bool
    prefix: str
    terms: _Terms
    tags: tuple[str, ...]
    includes: list[_Include] = msgspec.field(default_factory=list)
    included: bool = False


class _Endpoint(msgspec.Struct, frozen=True):
    router: Built
    framework: Framework
    methods: tuple[str, ...]
    path: str
    handler: Function
    call: Call
    place: Registration


def find_routes(
    program: Program, resolver: Resolver, routers: Mapping[Function, tuple[int, ...]]
) -> tuple[Route, ...]:
    """All endpoints of production code, by path and method; ``routers`` are the calls that make one."""
    finder = _Finder(program, resolver)
    found: dict[tuple[str, str, Function, Span], Route] = {}
    for route in finder.routes(routers):
        found.setdefault((route.path, route.method, route.handler, route.span), route)
    return tuple(sorted(found.values(), key=lambda r: (r.path, r.method, r.span)))


class _Finder:
    def __init__(self, program: Program, resolver: Resolver) -> None:
        self._program = program
        self._types = resolver
        self._objects = Objects(resolver, program.edges_to)
        self._inputs = InputFinder(resolver, self._objects)
        self._routers: dict[Built, _Router] = {}
        self._endpoints: list[_Endpoint] = []

    def routes(self, routers: Mapping[Function, tuple[int, ...]]) -> Iterator[Route]:
        for scope, indexes in routers.items():
            if scope.module.role in {"source", "script"}:
                for index in indexes:
                    self._register_router(scope, index, Built(scope, index).call)
        for scope, index, call in self._calls():
            if type(call.function) is Attr:
                self._register_use(scope, index, call, call.function)
        self._decorated()
        for made, router in list(self._routers.items()):
            if not router.included:
                start = "" if router.application else UNKNOWN_PREFIX
                place = Registration(made.scope, made.event)
                yield from self._walk(made, start + router.prefix, router.terms, (place,), ())

    def _calls(self) -> Iterator[tuple[Function, int, Call]]:
        for module, scopes in self._program.scopes.items():
            if module.role in {"source", "script"}:
                for scope in scopes:
                    for index, event in enumerate(scope.scope.events):
                        if type(event) is Call:
                            yield scope, index, event

    # --- routers and what includes them -----------------------------------------------------------

    def _register_router(self, scope: Function, index: int, call: Call) -> None:
        paths = [path for o in options_of(self._types.callee(scope, call)) for path in self._paths(o)]
        roles = self._program.policy.knowledge.roles
        role, path = next(((roles[each], each) for each in paths if each in roles), ("", ""))
        if role in ROUTER_ROLES:
            keywords = dict(call.keywords)
            self._register_lifespan(scope, index, keywords.get("lifespan"))
            prefix = keywords.get("prefix", keywords.get("url_prefix"))
            text = self._objects.text(scope, prefix) if prefix is not None else ""
            self._routers[Built(scope, index)] = _Router(
                Built(scope, index),
                next((each for each in _FRAMEWORKS if path.startswith(f"{each}.")), ""),
                role in {"asgi-app", "wsgi-app"},
                UNKNOWN_PREFIX if text is None else text,
                self._terms(scope, keywords),
                self._strings(scope, keywords.get("tags")),
            )

    def _terms(self, scope: Function, keywords: dict[str, Expr]) -> _Terms:
        answers = keywords.get("response_class", keywords.get("default_response_class"))
        hidden = keywords.get("include_in_schema") == Const(False)
        return _Terms(self._dependencies(scope, keywords.get("dependencies")), _shown(answers), hidden)

    def _register_lifespan(self, scope: Function, index: int, lifespan: Expr | None) -> None:
        for value in options_of(self._types.value(scope, lifespan)) if lifespan else ():
            if isinstance(value, FunctionRef):
                self._objects.lifespans.setdefault(value.function, []).append(Built(scope, index))

    def _paths(self, value: Value) -> Iterator[str]:
        """The library classes that a called value is or is made from."""
        if isinstance(value, Instance) and value.of == _CLASS and value.arguments:
            made = value.arguments[0]
            value = made.of if isinstance(made, Instance) else made
        if isinstance(value, External):
            yield value.path
        elif isinstance(value, ClassRef):
            for base in self._types.classes.known_ancestors(value.cls):
                if isinstance(base, External):
                    yield base.path

    def _router(self, scope: Function, expr: Expr) -> list[_Router]:
        found = dict.fromkeys(self._objects.built(scope, expr))
        return [self._routers[built] for built in found if built in self._routers]

    def _register_use(self, scope: Function, index: int, call: Call, function: Attr) -> None:
        name = function.name
        if name in _INCLUDES:
            self._include(scope, call, function, Registration(scope, index))
        elif name in _ADDERS:
            named = ("view_func", 2) if name == "add_url_rule" else ("endpoint", 1)
            handler = self._argument(call, named[1], named[0])
            for router in self._router(scope, function.base):
                for target in options_of(self._types.value(scope, handler)) if handler else ():
                    if isinstance(target, FunctionRef):
                        self._endpoint(call, router, name, target.function, Registration(scope, index))

    def _include(self, scope: Function, call: Call, function: Attr, place: Registration) -> None:
        mounted = function.name == "mount"
        child = self._argument(call, 1 if mounted else 0, "app" if mounted else "router")
        prefix = self._argument(call, 0 if mounted else 9, "path" if mounted else "prefix")
        prefix = prefix or dict(call.keywords).get("url_prefix")
        if child is None:
            return
        text = "" if prefix is None else self._objects.text(scope, prefix)
        shown = UNKNOWN_PREFIX if text is None else text
        terms = self._terms(scope, dict(call.keywords))
        for parent in self._router(scope, function.base):
            for each in self._router(scope, child):
                if each is not parent:
                    each.included = True
                    own = each.prefix if each.framework != "flask" or prefix is None else ""
                    parent.includes.append(_Include(each.built, shown + own, terms, place))

    # --- endpoints --------------------------------------------------------------------------------

    def _decorated(self) -> None:
        for module, scopes in self._program.scopes.items():
            if module.role not in {"source", "script"}:
                continue
            for handler in scopes:
                for decorator in handler.scope.decorators:
                    self._decorator(handler, decorator)

    def _decorator(self, handler: Function, decorator: Expr) -> None:
        outer = self._program.parent(handler)
        if outer is None or not isinstance(decorator, Result):
            return
        call = outer.scope.events[decorator.event]
        if not isinstance(call, Call) or not isinstance(call.function, Attr):
            return
        verb = call.function.name
        if verb in _VERBS or verb in _SOCKETS or verb in _GENERIC:
            for router in self._router(outer, call.function.base):
                self._endpoint(call, router, verb, handler, Registration(outer, decorator.event))

    def _endpoint(
        self, call: Call, router: _Router, verb: str, handler: Function, place: Registration
    ) -> None:
        path = self._argument(call, 0, "path") or dict(call.keywords).get("rule")
        text = "" if path is None else self._objects.text(place.scope, path)
        methods = self._methods(place.scope, call, verb)
        shown = UNKNOWN_PREFIX if text is None else text
        framework = router.framework
        if framework == "fastapi" and verb in _OF_STARLETTE:
            framework = "starlette"
        self._endpoints.append(_Endpoint(router.built, framework, methods, shown, handler, call, place))

    def _methods(self, scope: Function, call: Call, verb: str) -> tuple[str, ...]:
        if verb in _VERBS:
            return (verb.upper(),)
        if "websocket" in verb:
            return ("WS",)
        return self._strings(scope, dict(call.keywords).get("methods")) or ("GET",)

    def _walk(
        self,
        built: Built,
        prefix: str,
        terms: _Terms,
        registered: tuple[Registration, ...],
        seen: tuple[Built, ...],
    ) -> Iterator[Route]:
        router = self._routers[built]
        for endpoint in self._endpoints:
            if endpoint.router == built:
                yield from self._route(endpoint, prefix, terms, router.tags, registered)
        for include in router.includes:
            if include.child not in seen and include.child != built:
                child = self._routers[include.child]
                inner = terms.around(include.terms).around(child.terms)
                way = (*registered, include.place)
                yield from self._walk(child.built, prefix + include.prefix, inner, way, (*seen, built))

    def _route(
        self,
        endpoint: _Endpoint,
        prefix: str,
        above: _Terms,
        tags: tuple[str, ...],
        registered: tuple[Registration, ...],
    ) -> Iterator[Route]:
        scope, keywords = endpoint.place.scope, dict(endpoint.call.keywords)
        terms = above.around(self._terms(scope, keywords))
        path = prefix + endpoint.path
        if UNKNOWN_PREFIX in path:
            path = UNKNOWN_PREFIX + path.rpartition(UNKNOWN_PREFIX)[2]
        taken = self._taken(endpoint, terms)
        for method in endpoint.methods:
            yield Route(
                method=method,
                path=path or "/",
                handler=endpoint.handler,
                span=endpoint.handler.module.span(endpoint.call.place),
                response_model=_shown(keywords.get("response_model") or endpoint.handler.scope.returns),
                status=status_of(keywords.get("status_code")),
                auth=_names(terms.dependencies),
                tags=(*tags, *self._strings(scope, keywords.get("tags"))),
                own_path=endpoint.path,
                framework=endpoint.framework,
                response_class=terms.response_class,
                declared=_declared(keywords, endpoint.handler),
                hidden=terms.hidden,
                inputs=taken.inputs,
                inputs_seen=taken.complete,
                registered=(*registered, endpoint.place),
            )

    def _taken(self, endpoint: _Endpoint, terms: _Terms) -> Taken:
        """What FastAPI takes for an endpoint, the dependencies of all levels included."""
        if endpoint.framework != "fastapi":
            return Taken()
        taken = self._inputs.of_handler(endpoint.handler)
        for made in terms.dependencies:
            taken += self._inputs.of_dependency(made)
        return taken

    # --- small readings ---------------------------------------------------------------------------

    def _argument(self, call: Call, position: int, keyword: str) -> Expr | None:
        if len(call.arguments) > position:
            return call.arguments[position]
        return dict(call.keywords).get(keyword)

    def _strings(self, scope: Function, expr: Expr | None) -> tuple[str, ...]:
        items = expr.items if isinstance(expr, Container) else ()
        found = (self._objects.text(scope, item) or _shown(item) for item in items)
        return tuple(text for text in found if text)

    def _dependencies(self, scope: Function, expr: Expr | None) -> tuple[Built, ...]:
        """The calls in ``dependencies=[Depends(name), *others]``."""
        found = expr.items if isinstance(expr, Container) else () if expr is None else (expr,)
        leaves = [leaf for item in found for leaf in (item.operands if isinstance(item, Op) else (item,))]
        return tuple(made for leaf in leaves for made in self._objects.built(scope, leaf))


def _names(dependencies: tuple[Built, ...]) -> tuple[str, ...]:
    """The names of what dependencies run, each once."""
    shown = (_shown(made.call.arguments[0]) for made in dependencies if made.call.arguments)
    return tuple(dict.fromkeys(name for name in shown if name))


def _declared(keywords: dict[str, Expr], handler: Function) -> Declared:
    model = keywords.get("response_model")
    if model is not None:
        return "none" if model == Const(None) else "model"
    return "" if handler.scope.returns is None else "annotation"


def _shown(expr: Expr | None) -> str:
    """A name as it is written, without its modules: ``list[Quote]``."""
    if isinstance(expr, Name):
        return expr.id
    if isinstance(expr, Attr):
        return expr.name
    if isinstance(expr, Op) and expr.kind == "subscript":
        return f"{_shown(expr.operands[0])}[{_shown(expr.operands[1])}]"
    if isinstance(expr, Op) and expr.kind == "bin|":
        return " | ".join(_shown(side) for side in expr.operands)
    if isinstance(expr, Container):
        return ", ".join(_shown(item) for item in expr.items)
    if isinstance(expr, Const):
        return str(expr.value)
    return ""
