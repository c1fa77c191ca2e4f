"""Requests wait for ever for a connection of a pool.

## What it does

Finds database pools whose connections are acquired without a time limit, where the library sets none by
itself: asyncpg, aiomysql and aiopg. One finding for each pool, at the place that makes it where that is seen;
each acquire in a request, task or worker is a member.

## Why is this bad

When all connections are taken (a slow query, a lock, a leak), every further request waits. None of them
fails, so no retry, alert or circuit breaker starts; they pile up until memory or the proxy's patience ends,
and a restart loses them all.

## How to fix

Say how long a request may wait for a connection, and answer 503 when that is over:

```python
async with pool.acquire(timeout=5) as connection:
    ...
```

`pool.fetch(…, timeout=5)` limits the statement and not the wait for the connection; put it, or an acquire
of a library without the parameter, under `asyncio.timeout(5)`.

## What it leaves alone

- Pools that wait for a limited time by themselves: SQLAlchemy 30 s, psycopg_pool 30 s, redis 20 s; those of
  psycopg2 fail at once.
- An acquire with a `timeout`, or under `asyncio.timeout()` and its like, here or in the same coroutine.
- Start-up, commands, scripts and tests.

## References

- [asyncpg: Pool.acquire](https://magicstack.github.io/asyncpg/current/api/index.html#asyncpg.pool.Pool.acquire)
"""

from __future__ import annotations

from collections.abc import Iterator

from archguard.model.finding import Confidence, Finding, Fix, Hop, Member, Severity
from archguard.model.lookups import numbered
from archguard.model.objects import library_of
from archguard.model.policy import POOL
from archguard.model.program import Context, Edge, Program
from archguard.model.rule import Effort, Meta
from archguard.model.ways import spelled

META = Meta(
    id="AG0602",
    severity=Severity.MEDIUM,
    surface="report",
    scope="program",
    effort=Effort(base=1, per_place=0.1),
    impact=("reliability", "scalability"),
    risk="When the pool is dry, requests pile up and none fails, until the whole service stops answering.",
    rollout="Callers get an error where they waited: start with a generous limit, then lower it.",
    breaks_callers=True,
)

_SERVED = Context.LOOP | Context.THREADPOOL | Context.WORKER | Context.THREAD
_MAKES = "create_pool"
_LIMITS = {"asyncpg": "pool.acquire(timeout=5)"}


def check(program: Program) -> Iterator[Finding]:
    """One finding for each pool that requests or workers wait for without a limit."""
    limits, contexts = program.derived.limits.get(), program.contexts.get()
    acquires: dict[tuple[str, str], list[Edge]] = {}
    makers: dict[tuple[str, str], list[Edge]] = {}
    for function, edges in program.edges.get().items():
        if function.module.role != "source":
            continue
        service = program.service_of(function.module.path).root
        for edge in edges:
            if edge.external.endswith(f".{_MAKES}"):
                makers.setdefault((service, library_of(edge)), []).append(edge)
        if contexts.of(function) & (_SERVED | Context.UNPROVED):
            waiting = [edge for edge, entry in limits.unlimited(function) if entry.what == POOL]
            for edge in waiting:
                acquires.setdefault((service, library_of(edge)), []).append(edge)
    for pool, found in acquires.items():
        yield _finding(program, pool, found, makers.get(pool, []))


def _finding(program: Program, pool: tuple[str, str], found: list[Edge], made: list[Edge]) -> Finding:
    service, library = pool
    first = made[0] if len(made) == 1 else found[0]
    served = [edge for edge in found if program.contexts.get().of(edge.caller) & _SERVED]
    seen: dict[str, int] = {}
    members = tuple(
        Member(numbered(edge.caller.qualname, seen), f"{spelled(edge)} in {edge.caller.label}", edge.span)
        for edge in found
    )
    places = f"{len(found)} places" if len(found) > 1 else "one place"
    return Finding(
        rule=META.id,
        key=f"{service}:{library}",
        span=first.span,
        message=f"Connections of this {library} pool are waited for without a limit in {places}: when it is "
        "dry, requests pile up and none fails.",
        severity=Severity.MEDIUM,
        confidence=Confidence.HIGH if served else Confidence.MEDIUM,
        members=members,
        related=tuple(Hop(edge.span, spelled(edge)) for edge in made[1:]),
        fix=Fix("Limit the wait for a connection.", _LIMITS.get(library, "async with asyncio.timeout(5):")),
    )
