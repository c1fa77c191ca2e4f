"""Endpoints of applications whose routers are objects: FastAPI, Starlette, Flask.

A router is identified by the call that built it; its full paths are those of every application that
includes it, however deep. Where no application can be seen to include it, the path starts with ``…``.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from archguard.link.objects import Built, Objects
from archguard.link.types import Resolver
from archguard.model.facts import Attr, Call, Const, Container, Expr, Name, Op, Result
from archguard.model.program import Function, Program, Route
from archguard.model.values import ClassRef, External, FunctionRef, Value, options_of

_VERBS = {"get", "post", "put", "patch", "delete", "options", "head", "trace"}
_SOCKETS = {"websocket", "websocket_route"}
_GENERIC = {"route", "api_route"}
_ADDERS = {"add_api_route", "add_route", "add_url_rule", "add_api_websocket_route", "add_websocket_route"}
_INCLUDES = {"include_router", "mount", "register_blueprint", "include_routers", "add_namespace"}
_ROUTER_ROLES = {"asgi-app", "router", "wsgi-app"}
UNKNOWN_PREFIX = "…"


class _Router(msgspec.Struct):
    built: Built
    application: bool
    prefix: str
    auth: tuple[str, ...]
    tags: tuple[str, ...]
    includes: list[tuple[Built, str, tuple[str, ...]]] = msgspec.field(default_factory=list)
    included: bool = False


class _Endpoint(msgspec.Struct, frozen=True):
    router: Built
    methods: tuple[str, ...]
    path: str
    handler: Function
    call: Call
    scope: Function


def find_routes(program: Program, resolver: Resolver) -> tuple[Route, ...]:
    """All endpoints of production code, sorted by path and method."""
    finder = _Finder(program, resolver)
    found = dict.fromkeys(finder.routes())
    return tuple(sorted(found, key=lambda r: (r.path, r.method, r.span)))


class _Finder:
    def __init__(self, program: Program, resolver: Resolver) -> None:
        self._program = program
        self._types = resolver
        self._objects = Objects(resolver, program.edges_to)
        self._routers: dict[Built, _Router] = {}
        self._endpoints: list[_Endpoint] = []

    def routes(self) -> Iterator[Route]:
        calls = list(self._calls())
        for scope, index, call in calls:
            self._register_router(scope, index, call)
        for scope, index, call in calls:
            if isinstance(call.function, Attr):
                self._register_use(scope, index, call, call.function)
        self._decorated()
        for built, router in list(self._routers.items()):
            if not router.included:
                start = "" if router.application else UNKNOWN_PREFIX
                yield from self._walk(built, start, router.auth, ())

    def _calls(self) -> Iterator[tuple[Function, int, Call]]:
        for module, scopes in self._program.scopes.items():
            if module.role in {"source", "script"}:
                for scope in scopes:
                    for index, event in enumerate(scope.scope.events):
                        if isinstance(event, Call):
                            yield scope, index, event

    # --- routers and what includes them -----------------------------------------------------------

    def _register_router(self, scope: Function, index: int, call: Call) -> None:
        role = next((r for o in options_of(self._types.callee(scope, call)) if (r := self._role(o))), "")
        if role in _ROUTER_ROLES:
            keywords = dict(call.keywords)
            self._register_lifespan(scope, index, keywords.get("lifespan"))
            prefix = keywords.get("prefix", keywords.get("url_prefix"))
            text = self._objects.text(scope, prefix) if prefix is not None else ""
            self._routers[Built(scope, index)] = _Router(
                Built(scope, index),
                role in {"asgi-app", "wsgi-app"},
                UNKNOWN_PREFIX if text is None else text,
                self._dependencies(scope, keywords.get("dependencies")),
                self._strings(scope, keywords.get("tags")),
            )

    def _register_lifespan(self, scope: Function, index: int, lifespan: Expr | None) -> None:
        for value in options_of(self._types.value(scope, lifespan)) if lifespan else ():
            if isinstance(value, FunctionRef):
                self._objects.lifespans.setdefault(value.function, []).append(Built(scope, index))

    def _role(self, value: Value) -> str:
        roles = self._program.policy.knowledge.roles
        if isinstance(value, External):
            return roles.get(value.path, "")
        if isinstance(value, ClassRef):
            for base in self._types.classes.known_ancestors(value.cls):
                if isinstance(base, External) and base.path in roles:
                    return roles[base.path]
        return ""

    def _router(self, scope: Function, expr: Expr) -> list[_Router]:
        found = dict.fromkeys(self._objects.built(scope, expr))
        return [self._routers[built] for built in found if built in self._routers]

    def _register_use(self, scope: Function, index: int, call: Call, function: Attr) -> None:
        name = function.name
        if name in _INCLUDES:
            self._include(scope, call, function)
        elif name in _ADDERS:
            handler = self._argument(call, 1, "endpoint") or self._argument(call, 2, "view_func")
            for router in self._router(scope, function.base):
                for target in options_of(self._types.value(scope, handler)) if handler else ():
                    if isinstance(target, FunctionRef):
                        self._endpoint(scope, call, router.built, name, target.function)

    def _include(self, scope: Function, call: Call, function: Attr) -> None:
        mounted = function.name == "mount"
        child = self._argument(call, 1 if mounted else 0, "app" if mounted else "router")
        prefix = self._argument(call, 0 if mounted else 9, "path" if mounted else "prefix")
        prefix = prefix or dict(call.keywords).get("url_prefix")
        if child is None:
            return
        text = "" if prefix is None else self._objects.text(scope, prefix)
        auth = self._dependencies(scope, dict(call.keywords).get("dependencies"))
        for parent in self._router(scope, function.base):
            for each in self._router(scope, child):
                if each is not parent:
                    each.included = True
                    parent.includes.append((each.built, UNKNOWN_PREFIX if text is None else text, auth))

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
                self._endpoint(outer, call, router.built, verb, handler)

    def _endpoint(self, scope: Function, call: Call, router: Built, verb: str, handler: Function) -> None:
        path = self._argument(call, 0, "path") or dict(call.keywords).get("rule")
        text = "" if path is None else self._objects.text(scope, path)
        methods = self._methods(scope, call, verb)
        shown = UNKNOWN_PREFIX if text is None else text
        self._endpoints.append(_Endpoint(router, methods, shown, handler, call, scope))

    def _methods(self, scope: Function, call: Call, verb: str) -> tuple[str, ...]:
        if verb in _VERBS:
            return (verb.upper(),)
        if "websocket" in verb:
            return ("WS",)
        return self._strings(scope, dict(call.keywords).get("methods")) or ("GET",)

    def _walk(
        self, built: Built, prefix: str, auth: tuple[str, ...], seen: tuple[Built, ...]
    ) -> Iterator[Route]:
        router = self._routers[built]
        here = prefix + router.prefix
        for endpoint in self._endpoints:
            if endpoint.router == built:
                yield from self._route(endpoint, here, auth, router.tags)
        for child, extra, dependencies in router.includes:
            if child not in seen and child != built:
                inner = (*auth, *dependencies, *self._routers[child].auth)
                yield from self._walk(child, here + extra, inner, (*seen, built))

    def _route(
        self, endpoint: _Endpoint, prefix: str, auth: tuple[str, ...], tags: tuple[str, ...]
    ) -> Iterator[Route]:
        keywords = dict(endpoint.call.keywords)
        own = self._dependencies(endpoint.scope, keywords.get("dependencies"))
        path = prefix + endpoint.path
        if UNKNOWN_PREFIX in path:
            path = UNKNOWN_PREFIX + path.rpartition(UNKNOWN_PREFIX)[2]
        for method in endpoint.methods:
            yield Route(
                method=method,
                path=path or "/",
                handler=endpoint.handler,
                span=endpoint.handler.module.span(endpoint.call.place),
                response_model=_shown(keywords.get("response_model") or endpoint.handler.scope.returns),
                status=_status(keywords.get("status_code")),
                auth=tuple(dict.fromkeys((*auth, *own))),
                tags=(*tags, *self._strings(endpoint.scope, keywords.get("tags"))),
            )

    # --- small readings ---------------------------------------------------------------------------

    def _argument(self, call: Call, position: int, keyword: str) -> Expr | None:
        if len(call.arguments) > position:
            return call.arguments[position]
        return dict(call.keywords).get(keyword)

    def _strings(self, scope: Function, expr: Expr | None) -> tuple[str, ...]:
        items = expr.items if isinstance(expr, Container) else ()
        found = (self._objects.text(scope, item) or _shown(item) for item in items)
        return tuple(text for text in found if text)

    def _dependencies(self, scope: Function, expr: Expr | None) -> tuple[str, ...]:
        """The names of what ``dependencies=[Depends(name)]`` runs."""
        names: list[str] = []
        for item in expr.items if isinstance(expr, Container) else ():
            call = scope.scope.events[item.event] if isinstance(item, Result) else None
            if isinstance(call, Call) and call.arguments:
                names.append(_shown(call.arguments[0]))
        return tuple(name for name in names if name)


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


def _status(expr: Expr | None) -> int:
    if isinstance(expr, Const) and isinstance(expr.value, int):
        return expr.value
    if isinstance(expr, Attr):
        digits = "".join(c for c in expr.name if c.isdigit())
        return int(digits) if len(digits) == 3 else 0
    return 0
