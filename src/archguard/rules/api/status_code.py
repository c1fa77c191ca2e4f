"""A status code that says something else than the body.

## What it does

Finds endpoints that return a body of `{"error": …}` with status 200, endpoints with status 204 that return a
body, and `POST` endpoints that create something and answer 200 in a service where most answer 201.

## Why is this bad

Clients, proxies, retries, caches and dashboards go by the status. An error with 200 is a success to all of
them: it is not retried, not counted, perhaps cached, and the client reads fields that are not there. With 204
there is no body: servers drop it, or break the connection because it is longer than promised.

## How to fix

Raise an error with a status, and declare what is created:

```python
raise HTTPException(status_code=404, detail="There is no such quote.")
```

## What it leaves alone

- Endpoints that set the status of their response themselves, and responses built with a status.
- `{"error": None}` and values that may be empty beside a result, JSON-RPC and GraphQL, whose errors travel
  with 200, health checks, and sockets.
- Creating endpoints in services without a clear majority for 201.

## References

- [RFC 9110: status codes](https://www.rfc-editor.org/rfc/rfc9110#name-status-codes)
- [RFC 9110: 204 no content](https://www.rfc-editor.org/rfc/rfc9110#name-204-no-content)
"""

from __future__ import annotations

from collections.abc import Iterator

from archguard.model.endpoints import Route
from archguard.model.facts import Call, Const, Container, Expr, Name, Result, Text, Write
from archguard.model.finding import Confidence, Finding, Fix, Member, Severity
from archguard.model.lookups import last_name, library_calls
from archguard.model.place import Place
from archguard.model.program import Function, Program, Service, events_of
from archguard.model.responses import Answer, answers_of, status_of
from archguard.model.rule import Effort, Meta

META = Meta(
    id="AG0305",
    severity=Severity.MEDIUM,
    surface="alert",
    scope="program",
    effort=Effort(base=0.5, per_place=0.25),
    impact=("correctness", "reliability"),
    risk="Clients take errors for results, and no dashboard counts them.",
    breaks_callers=True,
    rollout="Clients that look for the error in the body of a 200 have to look at the status: announce it, "
    "and keep the body's shape.",
)

_ERROR_ONLY = {"error", "errors", "message", "detail", "details", "code", "status", "success", "ok", "reason"}
_ERROR_ONLY |= {"error_code", "error_description", "error_message", "error_type", "type", "msg"}
_PROTOCOLS = {"jsonrpc", "data"}
_HEALTH = ("health", "ready", "live", "ping", "status")
_MAKING = {"create", "add", "insert", "register"}
_ENOUGH, _CLEAR = 5, 0.75


def check(program: Program) -> Iterator[Finding]:
    """One finding for each endpoint, and one for each service that creates with two statuses."""
    endpoints: dict[Function, list[Route]] = {}
    for route in program.routes.get():
        if route.method != "WS":
            endpoints.setdefault(route.handler, []).append(route)
    for handler, routes in endpoints.items():
        yield from _errors(program, handler, routes)
        yield from _bodies(program, handler, routes)
    yield from _creating(program, endpoints)


# --- errors with 200 ----------------------------------------------------------------------------------


def _errors(program: Program, handler: Function, routes: list[Route]) -> Iterator[Finding]:
    route = routes[0]
    if route.status >= 300 or _sets_status(handler) or any(part in route.path for part in _HEALTH):
        return
    places = [
        answer.event.place
        for answer in answers_of(program, handler)
        if isinstance(answer.value, Container) and _is_error(handler, answer.value)
    ]
    if places:
        said = (
            f"{handler.label} returns an error with status {route.status or 200}, a success to its clients."
        )
        fix = Fix(
            "Raise an error with a status of its own.", "raise HTTPException(status_code=400, detail=…)"
        )
        yield _finding(route, "error", places, said, fix)


def _is_error(handler: Function, body: Container) -> bool:
    keys = [each.value if isinstance(each, Const) else None for each in body.keys]
    if body.kind != "dict" or "error" not in keys or _PROTOCOLS & {str(key) for key in keys}:
        return False
    value = body.items[keys.index("error")]
    if isinstance(value, Const):
        return isinstance(value.value, str) and bool(value.value)
    if isinstance(value, Text) or _speaks_of_exception(handler, value):
        return True
    return isinstance(value, (Name, Result, Container)) and {str(key) for key in keys} <= _ERROR_ONLY


def _speaks_of_exception(handler: Function, value: Expr) -> bool:
    call = handler.scope.events[value.event] if isinstance(value, Result) else None
    return isinstance(call, Call) and call.function in {Name("str"), Name("repr")}


def _sets_status(handler: Function) -> bool:
    return any(last_name(write.target) == "status_code" for _, write in events_of(handler, Write))


# --- bodies with 204 ----------------------------------------------------------------------------------


def _bodies(program: Program, handler: Function, routes: list[Route]) -> Iterator[Finding]:
    route = routes[0]
    broken = [call.place for _, call in events_of(handler, Call) if _breaks(program, handler, call)]
    dropped = [each.event.place for each in answers_of(program, handler) if _is_body(each)]
    if broken:
        said = f"{handler.label} answers JSON with 204, which has no body: the server breaks the connection."
        yield _finding(route, "body", broken, said, Fix("Answer empty.", "return Response(status_code=204)"))
    elif dropped and route.status == 204:
        said = f"{handler.label} answers 204, which has no body: what it returns is dropped."
        yield _finding(route, "body", dropped, said, Fix("Return nothing, or answer with 200."))


def _is_body(answer: Answer) -> bool:
    value = answer.value
    if answer.response or value is None:
        return False
    return isinstance(value, (Container, Text)) or (isinstance(value, Const) and value.value is not None)


def _breaks(program: Program, handler: Function, call: Call) -> bool:
    """``JSONResponse(…, status_code=204)``: even None becomes ``null``."""
    classes = {path.rpartition(".")[2] for path in library_calls(program, handler, call)}
    status = call.arguments[1] if len(call.arguments) > 1 else dict(call.keywords).get("status_code")
    return bool(classes & {"JSONResponse", "ORJSONResponse", "UJSONResponse"}) and status_of(status) == 204


# --- what is created ----------------------------------------------------------------------------------


def _creating(program: Program, endpoints: dict[Function, list[Route]]) -> Iterator[Finding]:
    services: dict[Service, list[Route]] = {}
    for handler, routes in endpoints.items():
        name = handler.scope.name.partition("_")[0]
        own = routes[0].framework == "fastapi" and not _sets_status(handler) and not routes[0].hidden
        if own and routes[0].method == "POST" and name in _MAKING and routes[0].status in {0, 200, 201}:
            services.setdefault(program.service_of(routes[0].span.path), []).append(routes[0])
    for service, routes in services.items():
        other = [each for each in routes if each.status != 201 and not _answers_itself(program, each)]
        made = sum(each.status == 201 for each in routes)
        if other and made >= _ENOUGH and made >= _CLEAR * (made + len(other)):
            members = tuple(Member(each.name, each.name, each.span) for each in other)
            yield Finding(
                rule=META.id,
                key=f"{service.name}:created",
                span=other[0].span,
                message=f"{len(other)} of {made + len(other)} creating endpoints answer 200, the others 201.",
                severity=Severity.LOW,
                confidence=Confidence.MEDIUM,
                members=members,
                fix=Fix("Declare what is created.", "status_code=201"),
                surface="report",
            )


def _answers_itself(program: Program, route: Route) -> bool:
    return any(answer.response for answer in answers_of(program, route.handler))


# --- what is said -------------------------------------------------------------------------------------


def _finding(route: Route, kind: str, places: list[Place], said: str, fix: Fix) -> Finding:
    module = route.handler.module
    return Finding(
        rule=META.id,
        key=f"{route.handler.qualname}:{kind}",
        span=module.span(places[0]),
        message=said,
        severity=Severity.HIGH if kind == "body" else Severity.MEDIUM,
        members=tuple(
            Member(f"{kind} {number}", f"{route.name}, {kind} {number}", module.span(place))
            for number, place in enumerate(places, 1)
        ),
        fix=fix,
    )
