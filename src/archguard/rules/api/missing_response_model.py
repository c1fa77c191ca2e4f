"""Endpoints that do not say what they answer with, in a service where most do.

## What it does

Counts the JSON endpoints of each FastAPI service that declare their answer (`response_model=`, or a return
annotation) and those that do not. Where a clear majority does, the others are one finding.

## Why is this bad

What is declared is what FastAPI validates, filters and documents. An endpoint that declares nothing sends
whatever its function returns, new columns and hidden fields of a model included, and clients generated from
the schema get no type for it.

## How to fix

Annotate the return type, or give `response_model`:

```python
@router.get("/quotes/{symbol}")
async def read_quote(symbol: str) -> Quote: ...
```

## What it leaves alone

- Pages, files, redirects, streams, and whatever builds its response itself.
- Endpoints without a body, those that are not in the schema, and an explicit `response_model=None`.
- Services without a clear majority.

## References

- [FastAPI: response model, return type](https://fastapi.tiangolo.com/tutorial/response-model/)
"""

from __future__ import annotations

from collections.abc import Iterator

from archguard.model.endpoints import Route
from archguard.model.finding import Confidence, Finding, Fix, Member, Severity
from archguard.model.program import Function, Program, Service
from archguard.model.responses import answers_of, is_page
from archguard.model.rule import Effort, Meta

META = Meta(
    id="AG0304",
    severity=Severity.MEDIUM,
    surface="report",
    scope="program",
    effort=Effort(base=0.5, per_place=0.25),
    impact=("maintainability", "security"),
    risk="Fields that nobody meant to publish leave the service, and clients have no types for them.",
    breaks_callers=True,
    rollout="A model drops fields that it does not name: compare each endpoint's answers before and after.",
)

_JSON = {"", "JSONResponse", "ORJSONResponse", "UJSONResponse"}
_ENOUGH, _CLEAR = 10, 0.7


def check(program: Program) -> Iterator[Finding]:
    """One finding for each service with a clear majority."""
    services: dict[Service, dict[Function, Route]] = {}
    for route in program.routes.get():
        if _is_json(route):
            found = services.setdefault(program.service_of(route.span.path), {})
            found.setdefault(route.handler, route)
    for service, routes in services.items():
        silent = [each for each in routes.values() if not each.declared and _returns_data(program, each)]
        declared = sum(bool(each.declared) for each in routes.values())
        total = declared + len(silent)
        if silent and total >= _ENOUGH and declared >= _CLEAR * total:
            yield _finding(service, sorted(silent, key=lambda each: each.span), total)


def _is_json(route: Route) -> bool:
    return (
        route.framework == "fastapi"
        and route.method not in {"WS", "HEAD", "OPTIONS"}
        and route.response_class in _JSON
        and route.status not in {204, 205}
        and not 300 <= route.status < 400
        and not route.hidden
    )


def _returns_data(program: Program, route: Route) -> bool:
    """Whether a handler returns data at every end that returns anything."""
    answers = [each for each in answers_of(program, route.handler) if each.value is not None]
    return bool(answers) and not any(each.response for each in answers) and not is_page(program, route)


def _finding(service: Service, routes: list[Route], total: int) -> Finding:
    first = routes[0]
    return Finding(
        rule=META.id,
        key=f"{service.name}:response-model",
        span=first.span,
        message=f"{len(routes)} of {total} JSON endpoints do not say what they answer with; the others do.",
        severity=META.severity,
        confidence=Confidence.MEDIUM,
        members=tuple(Member(each.name, each.name, each.span) for each in routes),
        fix=Fix("Annotate what the handler returns.", f"def {first.handler.scope.name}(…) -> Model:"),
    )
