"""A blocking call on the event loop.

## What it does

Finds calls that keep their thread waiting (for the network, a database, a sleep, a subprocess, a lock,
the disk) and that run on an asyncio event loop: directly in an `async def`, or through any depth of
synchronous helpers, methods, properties, context managers and constructors, in any file. A finding stands
at the blocking call itself; every route, task or middleware that reaches it is a member with the chain that
leads there. What one change mends is one finding with its further calls as members: in a coroutine, calls
of one function, a dialogue on one connection, its queries, its work on the disk; in a helper, all calls of
one library.

## Why is this bad

An event loop runs one thing at a time. While the call waits, every other request, WebSocket and
background task of the process waits with it: one slow upstream stops the whole service, health checks
included.

## How to fix

Use the asynchronous client (`httpx.AsyncClient` for `requests`, `asyncio.sleep` for `time.sleep`), or
move the synchronous function to a thread where the loop calls it:

```python
quote = await asyncio.to_thread(quote_service.latest, symbol)
```

A FastAPI route that only calls synchronous code may as well be a plain `def`: it then runs in the
thread pool.

## What it leaves alone

- `def` routes and dependencies, and whatever is handed to `to_thread`, `run_in_executor`,
  `run_in_threadpool`, a `Thread` or a process: they do not run on the loop.
- Start-up before the service serves, commands, tests, migrations and scripts, and a loop that
  `asyncio.run` starts for a single job.
- Calls told not to wait (`acquire(blocking=False)`, `get(block=False)`, `recv(flags=NOBLOCK)`, `sleep(0)`).
- What runs once and is kept: a global filled behind `if it is None`, a cached function without parameters.
- The branch that calls a function where its sibling hands the same one to a thread, and a synchronous
  generator given to a streaming response, which iterates it in a thread.
- Disk access is only reported in the reassessment; path building, `stat`, `mkdir`, `unlink` and their
  like are never.
- Chains whose own constants exclude them: `receive("reset")` does not run what stands under
  `if topic == "review"`.
- Work that costs CPU rather than waiting (that is AG0902).

## References

- [Developing with asyncio: running blocking code](https://docs.python.org/3/library/asyncio-dev.html#running-blocking-code)
- [FastAPI: concurrency and async / await](https://fastapi.tiangolo.com/async/)
- [ruff issue 7807: blocking calls behind a helper](https://github.com/astral-sh/ruff/issues/7807)
"""

from __future__ import annotations

from collections.abc import Iterator

from archguard.model.finding import Confidence, Finding, Fix, Hop, Severity
from archguard.model.lookups import call_of
from archguard.model.objects import by_object, library_of
from archguard.model.policy import blocking_call
from archguard.model.program import Context, Edge, Effect, Function, Program
from archguard.model.rule import Effort, Meta
from archguard.model.spelling import in_thread
from archguard.model.ways import Way, boundary, further, loop_of, members_of, passable, spelled, ways_to

META = Meta(
    id="AG0901",
    severity=Severity.HIGH,
    surface="alert",
    scope="program",
    effort=Effort(base=2, per_place=0.5),
    impact=("performance", "scalability", "reliability"),
    risk="One slow upstream or query stops every request of the process, health checks included.",
    rollout="Callers see no change: the function's result and errors stay the same. Release behind the "
    "usual canary and watch event-loop lag and latency percentiles.",
)

_WAITS_FOR = {
    "network": "waits for the network",
    "database": "waits for the database",
    "sleep": "sleeps",
    "process": "waits for a process",
    "lock": "waits for another thread",
    "disk": "waits for the disk",
}
_GATHERED = {"database", "disk"}
_APART = frozenset({"http-client"})
"""Objects whose calls are each a wait of their own, not one dialogue as on a connection."""


def check(program: Program) -> Iterator[Finding]:
    """One finding for each cause for which a function that a loop reaches keeps it waiting."""
    effects = program.effects.get()
    for function in program.edges.get():
        loop = loop_of(program, function)
        if loop and function.module.role in {"source", "script"}:
            waits = {edge: effect for edge, effect in effects.own(function) if effect.kind == "blocks"}
            ways = ways_to(program, function, loop) if waits else []
            for cause, edges in _causes(program, function, waits).items():
                taken = [edge for edge in edges if not ways or passable(ways, edge)]
                if taken:
                    yield _finding(program, cause, taken, waits[taken[0]], ways)


def _causes(program: Program, function: Function, waits: dict[Edge, Effect]) -> dict[str, list[Edge]]:
    """Calls that one change mends, by name: a thread for a helper, for the database or for the disk; else
    what a coroutine does with one connection, or each function that it calls."""
    together = _GATHERED if function.scope.is_async else set(_WAITS_FOR)
    own = [edge for edge, effect in waits.items() if effect.detail not in together]
    causes = by_object(program, own, _APART)
    for edge, effect in waits.items():
        if effect.detail in together:
            causes.setdefault("disk" if effect.detail == "disk" else library_of(edge), []).append(edge)
    return causes


def _finding(program: Program, cause: str, edges: list[Edge], effect: Effect, ways: list[Way]) -> Finding:
    edge, disk = edges[0], effect.detail == "disk"
    function, proved = edge.caller, loop_of(program, edge.caller) == Context.LOOP
    members = members_of(passable(ways, edge), Hop(edge.span, spelled(edge)))
    return Finding(
        rule=META.id,
        key=f"{function.qualname}:{cause}",
        span=edge.span,
        message=_message(effect, proved=proved),
        severity=Severity(Severity.HIGH - disk - (not proved)),
        confidence=edge.confidence if proved or edge.confidence == Confidence.HIGH else Confidence.LOW,
        members=(*members, *further(edges[1:])),
        evidence=(("waits for", effect.detail), ("calls here", str(len(edges)))),
        fix=_fix(program, function, edge, ways),
        surface="report" if disk or not proved else "",
    )


def _message(effect: Effect, *, proved: bool) -> str:
    waits = f"{effect.sink} {_WAITS_FOR[effect.detail]}"
    if not proved:
        return f"{waits} in a coroutine; on the serving loop every other request waits with it."
    return f"{waits} on the event loop; every other request waits with it."


def _fix(program: Program, function: Function, sink: Edge, ways: list[Way]) -> Fix:
    known = blocking_call(program.policy.knowledge, sink.external)
    instead = known.instead if known is not None else ""
    if function.scope.is_async:
        use = f"Use {instead}, or move the call to a thread." if instead else "Move the call to a thread."
        return Fix(use, _in_thread(sink))
    use = f"Move {function.label} to a thread where the loop calls it, or make it asynchronous"
    return Fix(f"{use} with {instead}." if instead else f"{use}.", _in_thread(boundary(ways)))


def _in_thread(edge: Edge | None) -> str:
    call = call_of(edge) if edge is not None else None
    return in_thread(edge.caller.scope, call) if edge is not None and call is not None else ""
