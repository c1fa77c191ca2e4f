"""A coroutine of the project is called and dropped.

## What it does

Finds statements that call an `async def` of the project without `await` and keep nothing of the result.

## Why is this bad

Calling a coroutine function runs none of its body; it makes a coroutine object, which here is thrown away
at once. The mail is not sent, the row not written, and all that is ever said is a `RuntimeWarning: coroutine
… was never awaited` in the log, if that.

## How to fix

Await it. Where it is meant to run beside its caller, start it as a task that somebody keeps. Where the
caller is a plain `def`, make it asynchronous too.

## What it leaves alone

- Coroutines that are awaited, returned, kept under a name, put into a container or passed on (to
  `gather`, `create_task`, a library): whoever takes them is believed to await them.
- Functions with decorators other than `staticmethod`, `classmethod`, `abstractmethod` and `override`: the
  decorator may run the coroutine (a task queue, a command, a sync wrapper).
- Calls that may mean a plain function as well, by an override or by one of several values.
- Async generators, and code in tests.

## References

- [Developing with asyncio: never awaited coroutines](https://docs.python.org/3/library/asyncio-dev.html#detect-never-awaited-coroutines)
"""

from __future__ import annotations

from collections.abc import Iterator

from archguard.model.finding import Confidence, Finding, Fix, Hop, Severity
from archguard.model.lookups import last_name, numbered
from archguard.model.program import Edge, Function, Program
from archguard.model.rule import Effort, Meta
from archguard.model.ways import spelled

META = Meta(
    id="AG0908",
    severity=Severity.CRITICAL,
    surface="report",
    scope="module",
    effort=Effort(base=0.5, per_place=0.25),
    impact=("correctness", "reliability"),
    risk="The work is silently never done: nothing raises, and what was promised to the caller is missing.",
    rollout="The work is now done, with its time and its errors; watch latency and the log of the callers.",
)

_PLAIN = {"staticmethod", "classmethod", "abstractmethod", "override"}


def check(program: Program) -> Iterator[Finding]:
    """Each dropped coroutine, in the order of modules and lines."""
    for module in program.reviewed():
        if module.role in {"source", "script"}:
            for function in program.scopes[module]:
                yield from _in_function(program, function)


def _in_function(program: Program, function: Function) -> Iterator[Finding]:
    edges = program.edges_from(function)
    dropped = [edge for edge in edges if edge.mode == "create"]
    counts: dict[str, int] = {}
    seen: set[int] = set()
    for edge in dropped:
        if edge.event in seen or edge.callee is None:
            continue
        seen.add(edge.event)
        if all(each.mode == "create" and _is_plain(each) for each in edges if each.event == edge.event):
            key = numbered(f"{function.qualname}:{edge.callee.qualname}", counts)
            yield _finding(function, edge, edge.callee, key)


def _is_plain(edge: Edge) -> bool:
    """Whether the call surely makes a coroutine: no decorator puts anything else in its place."""
    callee = edge.callee
    return callee is not None and all(last_name(each) in _PLAIN for each in callee.scope.decorators)


def _finding(function: Function, edge: Edge, callee: Function, key: str) -> Finding:
    call = spelled(edge)
    if function.scope.is_async:
        fix = Fix("Await it, or start it as a task that is kept.", f"await {call}" if "…" not in call else "")
    else:
        fix = Fix(f"Make {function.label} asynchronous and await {callee.label} in it.")
    return Finding(
        rule=META.id,
        key=key,
        span=edge.span,
        message=f"{callee.label} is a coroutine function, called and dropped: its body never runs.",
        severity=Severity.CRITICAL if edge.confidence == Confidence.HIGH else Severity.HIGH,
        confidence=edge.confidence,
        related=(Hop(callee.header, f"async def {callee.label}"),),
        fix=fix,
    )
