"""A path's placeholder that the handler does not take, or the other way round.

## What it does

Holds the placeholders of an endpoint's path against what its handler takes: its own parameters, those of
all its dependencies (functions, classes, models, also those of the router, the include and the
application), and the aliases of `Path(alias=…)`. It reports a placeholder that nothing takes, a `Path(…)`
parameter that the path does not have, and in Flask a view whose parameters differ from its rule.

## Why is this bad

FastAPI goes by the name. With `/items/{item_id}` and `def read(id: int)`, `item_id` is thrown away and `id`
becomes a required query parameter: callers who follow the path get 422. A placeholder that is simply
ignored makes every value answer alike: `/users/1/orders` and `/users/2/orders` are the same resource. Flask
raises `TypeError` on each request.

## How to fix

Give the parameter the placeholder's name:

```python
@router.get("/items/{item_id}")
def read(item_id: int) -> Item: ...
```

## What it leaves alone

- Placeholders of prefixes: a dependency of the router reads them for all its endpoints, or nobody needs them.
- Handlers with a dependency that cannot be seen, or that takes the request and reads its path itself.
- A whole path that is one `{rest:path}`, which catches what nothing else did, and answers to `OPTIONS`.
- Braces that the framework does not read as a placeholder: `{thing-id}`, `{ id }`, `{id: int}`.
- Placeholders for whoever reads the address (`{slug}`, `{filename}`, `{_rest}`), and pages, whose script
  reads the path in the browser.
- Flask views with decorators of their own, which may take or add arguments.

## References

- [FastAPI: path parameters](https://fastapi.tiangolo.com/tutorial/path-params/)
- [FastAPI: dependencies](https://fastapi.tiangolo.com/tutorial/dependencies/)
- [Flask: variable rules](https://flask.palletsprojects.com/en/stable/quickstart/#variable-rules)
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from archguard.model.endpoints import UNKNOWN_PREFIX, Input, Route
from archguard.model.facts import Result
from archguard.model.finding import Confidence, Finding, Fix, Severity
from archguard.model.paths import placeholders
from archguard.model.place import Span
from archguard.model.program import Function, Program
from archguard.model.responses import is_page
from archguard.model.rule import Effort, Meta

META = Meta(
    id="AG0309",
    severity=Severity.HIGH,
    surface="alert",
    scope="program",
    effort=Effort(base=0.5),
    impact=("correctness", "reliability"),
    risk="Callers get 422 or the wrong resource for a path that the API promises.",
    breaks_callers=True,
    rollout="Callers that pass the value in the query string today have to move it into the path: accept "
    "both for one release and watch who still sends the old form.",
)

_CATCHING_ALL = {"path"}
_ORNAMENTS = {"slug", "filename", "file_name"}
_NOT_BY_KEYWORD = {"positional"}


def check(program: Program) -> Iterator[Finding]:
    """One finding for each registration of a handler that does not fit its path."""
    endpoints: dict[tuple[Function, Span], list[Route]] = {}
    for route in program.routes.get():
        if UNKNOWN_PREFIX not in route.own_path and route.method != "OPTIONS":
            endpoints.setdefault((route.handler, route.span), []).append(route)
    for routes in endpoints.values():
        if routes[0].framework == "fastapi":
            yield from _of_fastapi(program, routes)
        elif routes[0].framework == "flask":
            yield from _of_flask(routes[0])


# --- FastAPI ------------------------------------------------------------------------------------------


def _of_fastapi(program: Program, routes: list[Route]) -> Iterator[Finding]:
    route = routes[0]
    unread = [name for name in _own(route) if not any(_may_read(each, name) for each in routes)]
    twin = _twin(route, unread)
    if unread and twin is None and is_page(program, route):
        unread = []
    absent = [] if any(UNKNOWN_PREFIX in each.path for each in routes) else _absent(routes)
    if not unread and not absent:
        return
    handler = route.handler.label
    by_position = [p.name for p in route.handler.scope.parameters if p.kind in _NOT_BY_KEYWORD]
    severity = Severity.HIGH
    if unread and unread[0] in by_position:
        message = f"{handler} takes {unread[0]} by position only, and FastAPI passes it by name: a TypeError."
    elif unread and twin is not None:
        message = (
            f"Nothing takes {_braced(unread)} of the path; {handler} takes {twin.name}, which FastAPI then "
            "wants in the query string."
        )
    elif unread:
        severity = Severity.HIGH if absent else Severity.MEDIUM
        message = f"Neither {handler} nor its dependencies take {_braced(unread)}; all values answer alike."
    else:
        message = (
            f"{handler} takes {', '.join(absent)} from the path, which has no such placeholder: always 422."
        )
    yield _finding(route, [*unread, *absent], message, severity, _fix(unread, absent, twin))


def _own(route: Route) -> list[str]:
    """The placeholders of the endpoint's own path that somebody has to take."""
    found = placeholders(route.own_path, "fastapi")
    if len(found) == 1 and found[0].converter in _CATCHING_ALL:
        start = route.own_path.partition("{")[0]
        return [] if start.strip("/") == "" else [found[0].name]
    return [each.name for each in found if not _is_ornament(each.name)]


def _is_ornament(name: str) -> bool:
    """Whether a placeholder is there for whoever reads the address: ``/files/{id}/{filename}``."""
    return name in _ORNAMENTS or (name.startswith("_") and not name.startswith("__"))


def _may_read(route: Route, name: str) -> bool:
    return not route.inputs_seen or any(each.name == name for each in route.inputs)


def _absent(routes: list[Route]) -> list[str]:
    """What is declared as ``Path(…)`` and stands in none of the full paths."""
    there = {each.name for route in routes for each in placeholders(route.path, "fastapi")}
    wanted = [each.name for each in routes[0].inputs if each.source == "path" and each.name not in there]
    return list(dict.fromkeys(wanted))


def _twin(route: Route, unread: list[str]) -> Input | None:
    """The handler's own parameter that was meant to take a placeholder."""
    there = {each.name for each in placeholders(route.path, "fastapi")}
    free = {
        each.name: each
        for each in route.inputs
        if each.function is route.handler and each.source in {"", "path"} and each.name not in there
    }
    for name in unread:
        same = [
            each for each in free if name.endswith(f"_{each}") or each.endswith(f"_{name}")
        ] or get_close_matches(name, free, n=1, cutoff=0.75)
        if same:
            return free[same[0]]
    return None


# --- Flask --------------------------------------------------------------------------------------------


def _of_flask(route: Route) -> Iterator[Finding]:
    handler = route.handler
    scope = handler.scope
    if handler.owner is not None or not _only_registered(route):
        return
    own = {each.name for each in placeholders(route.own_path, "flask")}
    given = {each.name for each in placeholders(route.path, "flask")}
    taken = {each.name for each in scope.parameters if each.kind in {"normal", "keyword"}}
    anything = any(each.kind == "kwargs" for each in scope.parameters)
    unread = [] if anything else sorted(own - taken)
    absent = [
        each.name
        for each in scope.parameters
        if each.kind in {"normal", "keyword"} and each.default is None and each.name not in given
    ]
    if unread or absent:
        said = f"does not take {', '.join(unread)}" if unread else f"wants {', '.join(absent)}"
        message = f"{handler.label} {said}, unlike its rule {route.own_path}: a TypeError on each request."
        yield _finding(route, [*unread, *absent], message, Severity.HIGH, _fix(unread, absent, None))


def _only_registered(route: Route) -> bool:
    """Whether registering a view is all that its decorators do, with the rule's own arguments."""
    handler, place = route.handler, route.registered[-1]
    events = place.scope.scope.events
    for decorator in handler.scope.decorators:
        call = events[decorator.event] if isinstance(decorator, Result) else None
        if call is None or getattr(getattr(call, "function", None), "name", "") not in _REGISTERING:
            return False
    return UNKNOWN_PREFIX not in route.path and not any(
        name == "defaults" for name, _ in getattr(events[place.event], "keywords", ())
    )


_REGISTERING = {"route", "get", "post", "put", "patch", "delete"}


# --- what is said -------------------------------------------------------------------------------------


def _finding(route: Route, names: list[str], message: str, severity: Severity, fix: Fix) -> Finding:
    return Finding(
        rule=META.id,
        key=f"{route.handler.qualname}:{route.method} {route.own_path}",
        span=route.span,
        message=message,
        severity=severity,
        confidence=Confidence.HIGH if route.inputs_seen else Confidence.MEDIUM,
        evidence=(("path", route.path), ("names", ", ".join(names))),
        fix=fix,
        surface="" if severity == Severity.HIGH else "report",
    )


def _fix(unread: list[str], absent: list[str], twin: Input | None) -> Fix:
    if unread and twin is not None:
        return Fix(
            f"Rename the parameter {twin.parameter} to {unread[0]}, or the placeholder to {twin.name}."
        )
    if unread:
        return Fix(f"Take {', '.join(unread)} in the handler, or remove it from the path.")
    return Fix(f"Add {_braced(absent)} to the path, or take it from where the request has it.")


def _braced(names: list[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in names)
