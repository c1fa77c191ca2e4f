"""Paths that are spelled unlike the others of their service.

## What it does

Looks at all paths of a service, through every include, and at three habits: how words are joined
(`order-lines`, `order_lines`, `orderLines`), whether paths end with a slash, and whether the collections
before an identifier are plural (`/orders/{id}`). Where the service has a clear habit, the endpoints that
differ are one finding for each habit.

## Why is this bad

Who calls an API guesses its paths from those that they know. Each exception is a 404, a redirect that loses
the body of a `POST`, or a special case in a client.

## How to fix

Name new paths like the others. Keep the old one as a deprecated alias until nobody calls it.

## What it leaves alone

- Services without a clear habit, and habits that only few paths can show.
- Paths that others prescribe: `/.well-known/…`, names of files, words in capitals.
- Endpoints that are not in the schema.

## References

- [Google API design guide: resource names](https://google.aip.dev/122)
- [Zalando RESTful API guidelines: URLs](https://opensource.zalando.com/restful-api-guidelines/#urls)
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise

from archguard.model.endpoints import UNKNOWN_PREFIX, Route
from archguard.model.finding import Confidence, Finding, Fix, Member, Severity
from archguard.model.program import Program, Service
from archguard.model.rule import Effort, Meta

META = Meta(
    id="AG0301",
    severity=Severity.MEDIUM,
    surface="report",
    scope="program",
    effort=Effort(base=0.5, per_place=0.5),
    impact=("maintainability",),
    risk="Every client carries the exceptions, and every new endpoint may follow either habit.",
    breaks_callers=True,
    rollout="Add the new path beside the old one, mark that deprecated, and remove it when its calls stop.",
)

_ENOUGH, _CLEAR = 10, 0.85
_WORD = re.compile(r"[a-z][a-z0-9]*")
_CAMEL = re.compile(r"[a-z]+[A-Za-z0-9]*[A-Z][A-Za-z0-9]*")
_UNCOUNTED = {"data", "info", "media", "metadata", "content", "feedback", "people", "children", "me", "self"}
_UNCOUNTED |= {"status", "address", "access", "analysis", "series", "news", "process", "by", "shared"}
_UNCOUNTED |= {"slug", "name", "token", "email", "key", "code", "type", "date", "year", "month", "public"}

_Habit = Callable[[Route], Iterator[tuple[str, str]]]
"""The ways that one path shows, each with what shows it."""


def check(program: Program) -> Iterator[Finding]:
    """One finding for each habit of a service that some of its endpoints do not share."""
    services: dict[Service, list[Route]] = {}
    for route in program.routes.get():
        if route.method != "WS" and not route.hidden and UNKNOWN_PREFIX not in route.path:
            services.setdefault(program.service_of(route.span.path), []).append(route)
    for service, routes in services.items():
        for name, habit in _HABITS.items():
            yield from _deviations(service, routes, name, habit)


def _deviations(service: Service, routes: list[Route], name: str, habit: _Habit) -> Iterator[Finding]:
    shown = {(way, what) for route in routes for way, what in habit(route)}
    counts = Counter(way for way, _ in shown)
    if not counts:
        return
    usual, number = counts.most_common(1)[0]
    if number == len(shown) or len(shown) < _ENOUGH or number < _CLEAR * len(shown):
        return
    other = {what for way, what in shown if way != usual}
    differing = [route for route in routes if any(way != usual for way, _ in habit(route))]
    first = min(differing, key=lambda route: route.span)
    example = ", ".join(sorted(other)[:3])
    yield Finding(
        rule=META.id,
        key=f"{service.name}:{name}",
        span=first.span,
        message=f"{len(other)} of {len(shown)} {_SUBJECTS[name]} differ from the rest ({usual}): {example}.",
        severity=META.severity,
        confidence=Confidence.MEDIUM,
        members=tuple(Member(route.name, route.name, route.span) for route in differing),
        evidence=(("habit", usual), ("paths that show it", f"{number} of {len(shown)}")),
        fix=Fix("Name the path like the others, and keep the old one as a deprecated alias."),
    )


# --- habits -------------------------------------------------------------------------------------------


def _segments(route: Route) -> list[str]:
    return [part for part in route.path.strip("/").split("/") if part]


def _joined(route: Route) -> Iterator[tuple[str, str]]:
    """How the words of a fixed segment are joined; one word shows nothing."""
    for part in _segments(route):
        words = re.split("[-_]", part)
        if len(words) > 1 and all(_WORD.fullmatch(word) for word in words):
            marks = {mark for mark in "-_" if mark in part}
            if len(marks) == 1:
                yield ("kebab-case" if marks == {"-"} else "snake_case"), part
        elif _CAMEL.fullmatch(part):
            yield "camelCase", part


def _ended(route: Route) -> Iterator[tuple[str, str]]:
    if len(route.path) > 1 and not route.path.endswith("}"):
        yield ("a slash at the end" if route.path.endswith("/") else "no slash at the end"), route.path


def _counted(route: Route) -> Iterator[tuple[str, str]]:
    """Whether the collection before an identifier is plural."""
    parts = _segments(route)
    for part, following in pairwise(parts):
        last = re.split("[-_]", part)[-1]
        identified = following.startswith("{") and ":path" not in following
        if identified and last.isalpha() and last.islower() and last not in _UNCOUNTED and len(last) > 2:
            yield ("plural" if last.endswith("s") and not last.endswith("ss") else "singular"), part


_HABITS: dict[str, _Habit] = {"words": _joined, "slash": _ended, "plural": _counted}
_SUBJECTS = {"words": "path segments", "slash": "paths", "plural": "collections"}
