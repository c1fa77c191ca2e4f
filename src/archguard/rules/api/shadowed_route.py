"""An endpoint that no request reaches, because an earlier one takes its path.

## What it does

Finds endpoints of FastAPI and Starlette whose every path an earlier endpoint of the same method matches
(`/users/{id}` before `/users/me`), through all includes and mounts, and two endpoints of one method and
path, in Flask and in one Django `urlpatterns` too.

## Why is this bad

Routers try their endpoints in the order of registration and take the first that matches. The later one is
dead: `GET /users/me` is answered by the handler of `/users/{id}`, with 422 or with another user's data.

## How to fix

Register the fixed path before the one with a placeholder, or let the placeholder match less:

```python
@router.get("/users/me")
def read_me() -> User: ...


@router.get("/users/{user_id:int}")
def read_user(user_id: int) -> User: ...
```

Of two endpoints of one path, remove or rename one.

## What it leaves alone

- Placeholders whose converter does not match the later path (`{id:int}` and `me`).
- Endpoints whose order is not known (registered in different modules), unless both match the same paths.
- Registrations in branches (`if`, `else`, `except`): perhaps only one of them runs.
- The same handler registered twice, and Django's `include`, which lets the next pattern try.

## References

- [FastAPI: order matters](https://fastapi.tiangolo.com/tutorial/path-params/#order-matters)
- [Starlette: route priority](https://www.starlette.io/routing/#route-priority)
- [Django: how Django processes a request](https://docs.djangoproject.com/en/stable/topics/http/urls/#how-django-processes-a-request)
"""

from __future__ import annotations

from collections.abc import Iterator

from archguard.model.endpoints import UNKNOWN_PREFIX, Registration, Route
from archguard.model.facts import Attr, Call, Const, Container, Name, Op, Result, Write
from archguard.model.finding import Finding, Fix, Hop, Member, Severity
from archguard.model.lookups import around, last_name, library_calls, numbered
from archguard.model.paths import placeholders, swallows
from archguard.model.place import Span
from archguard.model.program import Function, Program, events_of
from archguard.model.rule import Effort, Meta

META = Meta(
    id="AG0308",
    severity=Severity.HIGH,
    surface="alert",
    scope="program",
    effort=Effort(base=0.5),
    impact=("correctness", "reliability"),
    risk="The endpoint answers with another one's result, and nobody notices until somebody needs it.",
    breaks_callers=True,
    rollout="Callers of the path get the other handler's answer from then on: check who calls it first.",
)

_BRANCHES = {"if", "else", "except", "try-else", "case", "for", "while", "loop-else"}
_Tree = dict[str, "_Tree | list[Route]"]


def check(program: Program) -> Iterator[Finding]:
    """One finding for each endpoint that hides others, at the first of them."""
    groups: dict[tuple[Registration, str], list[Route]] = {}
    for route in program.routes.get():
        if route.registered and not _is_conditional(route):
            groups.setdefault((route.registered[0], route.method), []).append(route)
    taken: dict[tuple[Function, Span], list[tuple[Route, Route]]] = {}
    for routes in groups.values():
        for hidden, by in _hidden(routes):
            taken.setdefault((by.handler, by.span), []).append((hidden, by))
    for pairs in taken.values():
        yield _finding([hidden for hidden, _ in pairs], pairs[0][1])
    yield from _of_django(program)


def _is_conditional(route: Route) -> bool:
    return any(
        region.kind in _BRANCHES
        for step in route.registered[1:]
        for _, region in around(step.scope.scope, step.scope.scope.events[step.event].region)
    )


# --- which one hides which ----------------------------------------------------------------------------


def _hidden(routes: list[Route]) -> Iterator[tuple[Route, Route]]:
    """Each endpoint that another one of its application and method hides, with that one."""
    ordered = sorted(routes, key=lambda route: route.span)
    tree: _Tree = {}
    catching = [route for route in ordered if ":path}" in route.path]
    for route in ordered:
        node = tree
        for part in _parts(route.path):
            node = node.setdefault(part, {})  # type: ignore[assignment]
        node.setdefault("", []).append(route)  # type: ignore[union-attr]
    for route in ordered:
        rivals = [*_matching(tree, _parts(route.path)), *catching]
        by = next((each for each in rivals if _hides(each, route)), None)
        if by is not None:
            yield route, by


def _parts(path: str) -> list[str]:
    """The segments of a path; one with a placeholder is a star."""
    return ["/*" if "{" in part or "<" in part else f"/{part}" for part in path.strip("/").split("/")]


def _matching(node: _Tree, parts: list[str]) -> Iterator[Route]:
    """The endpoints whose segments are the same ones or placeholders, by the order of the file."""
    nodes: list[_Tree] = [node]
    for part in parts:
        nodes = [each[key] for each in nodes for key in {part, "/*"} if key in each]  # type: ignore[misc]
    found: list[Route] = [route for each in nodes for route in each.get("", ())]  # type: ignore[misc]
    yield from sorted(found, key=lambda route: route.span)


def _hides(earlier: Route, later: Route) -> bool:
    if earlier.handler is later.handler or not _are_comparable(earlier, later):
        return False
    order = _order(earlier.registered, later.registered)
    if earlier.framework == "flask" or later.framework == "flask":
        return _flask_shape(earlier) == _flask_shape(later) and (order or _by_place(earlier, later)) < 0
    if not swallows(earlier.path, later.path):
        return False
    if order == 0:  # nobody knows which comes first; where both match the same, one is dead anyway
        return swallows(later.path, earlier.path) and _by_place(earlier, later) < 0
    return order < 0


def _are_comparable(one: Route, other: Route) -> bool:
    """Whether what is unknown of their paths is the same for both."""
    if UNKNOWN_PREFIX not in one.path and UNKNOWN_PREFIX not in other.path:
        return True
    known = UNKNOWN_PREFIX not in one.own_path + other.own_path
    return known and one.registered[:-1] == other.registered[:-1]


def _order(one: tuple[Registration, ...], other: tuple[Registration, ...]) -> int:
    """Negative where the first is registered earlier, positive where later, 0 where nobody knows."""
    for first, second in zip(one, other, strict=False):
        if first != second:
            return first.event - second.event if first.scope is second.scope else 0
    return 0


def _by_place(one: Route, other: Route) -> int:
    return -1 if one.span < other.span else 1


def _flask_shape(route: Route) -> str:
    path = route.path
    for each in placeholders(path, "flask"):
        path = path.replace(f"{each.name}>", ">")
    return path


# --- Django -------------------------------------------------------------------------------------------


def _of_django(program: Program) -> Iterator[Finding]:
    """Two patterns of one ``urlpatterns`` that are the same text."""
    for module in program.modules.values():
        body, seen = program.scopes[module][0], dict[str, int]()
        if module.role not in {"source", "script"}:
            continue
        for _, write in events_of(body, Write):
            if write.target == Name("urlpatterns") and isinstance(write.value, Container):
                yield from _repeated(program, body, write.value, seen)


def _repeated(
    program: Program, body: Function, patterns: Container, seen: dict[str, int]
) -> Iterator[Finding]:
    first: dict[tuple[str, str], Call] = {}
    roles = program.policy.knowledge.roles
    for item in patterns.items:
        call = body.scope.events[item.event] if isinstance(item, Result) else None
        if not isinstance(call, Call) or len(call.arguments) < 2 or _lets_others_try(body, call):
            continue
        path = call.arguments[0]
        paths = library_calls(program, body, call)
        if not any(roles.get(each) == "django-route" for each in paths) or not isinstance(path, Const):
            continue
        key = (last_name(call.function), str(path.value))
        earlier = first.setdefault(key, call)
        if earlier is not call:
            span, before = body.module.span(call.place), body.module.span(earlier.place)
            yield Finding(
                rule=META.id,
                key=numbered(f"{body.qualname}:{path.value}", seen),
                span=span,
                message=f'The pattern "{path.value}" is never tried: the same one stands before it.',
                severity=Severity.HIGH,
                related=(Hop(before, "this pattern takes its requests"),),
                fix=Fix("Remove one of the two patterns, or give it a path of its own."),
            )


def _lets_others_try(body: Function, call: Call) -> bool:
    """``include(…)`` and ``admin.site.urls``: what they do not know goes on to the next pattern."""
    view = call.arguments[1]
    made = body.scope.events[view.event] if isinstance(view, Result) else None
    return (isinstance(made, Call) and last_name(made.function) == "include") or not (
        isinstance(view, (Name, Result, Op)) or (isinstance(view, Attr) and view.name != "urls")
    )


# --- what is said -------------------------------------------------------------------------------------


def _finding(routes: list[Route], by: Route) -> Finding:
    hidden = min(routes, key=lambda route: (route.span.path != by.span.path, route.span, route.path))
    members = {route.name: route for route in routes}
    more = f", and {len(members) - 1} more" if len(members) > 1 else ""
    return Finding(
        rule=META.id,
        key=f"{by.handler.qualname}:{by.name}",
        span=hidden.span,
        message=f"{hidden.name} never reaches {hidden.handler.label}: {by.handler.label} takes it{more}.",
        severity=Severity.HIGH,
        members=tuple(Member(key, key, route.span) for key, route in sorted(members.items())),
        related=(Hop(by.span, f"{by.name} takes its requests"),),
        fix=_fix(hidden, by),
    )


def _fix(hidden: Route, by: Route) -> Fix:
    if swallows(hidden.path, by.path):
        return Fix("Remove one of the two endpoints, or give it a path of its own.")
    return Fix(f"Register {hidden.handler.label} before {by.handler.label}.")
