"""A second event loop is started where one already runs.

## What it does

Finds `asyncio.run`, `run_until_complete` and their like where an event loop is already running: in a
coroutine, or in a synchronous function that coroutines call, through any number of helpers and files. One
finding stands at the call that starts the loop; every route, task or coroutine that reaches it is a member
with the chain that leads there.

## Why is this bad

A thread runs one loop at a time. The call raises `RuntimeError` each time a request gets there, and the
coroutine that it was given never runs.

## How to fix

Await the coroutine. Where the function between is synchronous, make it asynchronous up to the loop; where
that cannot be, call it in a thread (`await asyncio.to_thread(helper)`), in which no loop runs.

## What it leaves alone

- `def` routes and dependencies, threads, process pools, commands, scripts and tests: no loop runs there.
- Functions that ask first (`get_running_loop`, `is_running`), and projects that patch asyncio with
  `nest_asyncio`.
- Functions that run on a loop of their own (`asyncio.run` in a thread), and the loop's own entry point.
- Chains whose own constants exclude them.

## References

- [asyncio.run](https://docs.python.org/3/library/asyncio-runner.html#asyncio.run)
"""

from __future__ import annotations

from collections.abc import Iterator

from archguard.model.facts import Attr, Call, Name
from archguard.model.finding import Confidence, Finding, Fix, Hop, Severity
from archguard.model.program import Context, Edge, Function, Program, events_of
from archguard.model.rule import Effort, Meta
from archguard.model.ways import Way, members_of, passable, spelled, ways_to

META = Meta(
    id="AG0910",
    severity=Severity.HIGH,
    surface="report",
    scope="program",
    effort=Effort(base=2, per_place=0.5),
    impact=("correctness", "reliability"),
    risk="Every request that gets there fails with a RuntimeError, and the work it asked for is never done.",
    rollout="Callers see an answer where they saw an error; no flag is needed.",
)

_STARTERS = {
    "asyncio.run",
    "asyncio.Runner.run",
    "asyncio.AbstractEventLoop.run_until_complete",
    "asyncio.AbstractEventLoop.run_forever",
    "uvloop.run",
    "anyio.run",
    "asgiref.sync.async_to_sync()",
}
_ASKS = {"get_running_loop", "is_running", "_get_running_loop", "current_async_library"}
_ON_LOOP = Context.LOOP | Context.UNPROVED


def check(program: Program) -> Iterator[Finding]:
    """One finding for each call that starts a loop on a running one."""
    contexts = program.contexts.get()
    patched: bool | None = None
    for function, edges in program.edges.get().items():
        starting = [edge for edge in edges if edge.external in _STARTERS and edge.mode == "call"]
        if not starting or function.module.role != "source":
            continue
        if not contexts.of(function) & _ON_LOOP or _asks_first(function):
            continue
        if patched is None:
            patched = _is_patched(program)
        if patched:
            return
        ways = ways_to(program, function, _ON_LOOP)
        for edge in starting:
            taken = [way for way in passable(ways, edge) if not any(_asks_first(e.caller) for e in way[1])]
            if taken:
                yield _finding(function, edge, taken)


def _is_patched(program: Program) -> bool:
    """Whether the project lets loops nest."""
    return any(
        each.module == "nest_asyncio" for module in program.modules.values() for each in module.facts.imports
    )


def _asks_first(function: Function) -> bool:
    """Whether a function looks for a running loop, and so knows that there may be one."""
    for _, call in events_of(function, Call):
        named = call.function
        if (isinstance(named, Attr) and named.name in _ASKS) or (
            isinstance(named, Name) and named.id in _ASKS
        ):
            return True
    return False


def _finding(function: Function, edge: Edge, ways: list[Way]) -> Finding:
    direct = function.scope.is_async
    proved = direct or any(root.context == Context.LOOP for root, _ in ways)
    starter = edge.external.removesuffix("()")
    where = "in a coroutine" if direct else f"in {function.label}, which a coroutine calls"
    return Finding(
        rule=META.id,
        key=f"{function.qualname}:{starter}",
        span=edge.span,
        message=f"{starter} is called {where}: a loop already runs there, so it raises RuntimeError.",
        severity=Severity.HIGH if proved else Severity.MEDIUM,
        confidence=edge.confidence if proved else Confidence.MEDIUM,
        members=tuple(members_of(ways, Hop(edge.span, spelled(edge)))),
        fix=_fix(function),
    )


def _fix(function: Function) -> Fix:
    if function.scope.is_async:
        return Fix("Await the coroutine instead of starting a loop for it.")
    return Fix(
        f"Make {function.label} asynchronous and await it, or call it in a thread where the loop calls it.",
        f"await asyncio.to_thread({function.scope.name}, …)",
    )
