"""A blocking call on the event loop.

## What it does

Finds calls that keep their thread waiting (for the network, a database, a sleep, a subprocess, a lock,
the disk) and that run on an asyncio event loop: directly in an `async def`, or through any depth of
synchronous helpers, methods, properties, context managers and constructors, in any file. One finding
stands at the blocking call itself; every route, task or middleware that reaches it is a member with the
chain that leads there.

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

from archguard.model.constants import is_contradicted
from archguard.model.facts import Attr, Call, Const, Name
from archguard.model.finding import Confidence, Finding, Fix, Hop, Member, Severity
from archguard.model.lookups import call_of
from archguard.model.policy import Blocking, blocking_call
from archguard.model.program import Context, Edge, Function, Program
from archguard.model.rule import Effort, Meta
from archguard.model.spelling import is_exact, spell
from archguard.model.ways import Way, members_of, passable, spelled, ways_to

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
_LONGEST = 80
_NO_WAIT_FLAGS = {"NOBLOCK", "DONTWAIT", "MSG_DONTWAIT", "WNOHANG"}
_NOT_WAITING = {"blocking": False, "block": False, "timeout": 0, "wait": False}


def check(program: Program) -> Iterator[Finding]:
    """One finding for each blocking call of a function that a loop reaches."""
    contexts = program.contexts.get()
    for function, edges in program.edges.get().items():
        if function.module.role not in {"source", "script"}:
            continue
        flag = _loop(contexts.of(function))
        if not flag:
            continue
        sinks: dict[str, list[tuple[Edge, Blocking]]] = {}
        ready = {_owner(edge) for edge in edges if _has_no_wait_flag(edge)}
        for edge in edges:
            blocking = _blocking(program, edge)
            if blocking is not None and _owner(edge) not in ready:
                cause = "disk" if blocking.kind == "disk" else edge.external.partition(".")[0]
                sinks.setdefault(cause, []).append((edge, blocking))
        ways = ways_to(program, function, flag) if sinks else []
        for owner, found in sinks.items():
            taken = [each for each in found if not ways or any(_is_way(way, each[0]) for _, way in ways)]
            if taken:
                yield _finding(function, flag, owner, taken, ways)


def _is_way(way: tuple[Edge, ...], sink: Edge) -> bool:
    return not is_contradicted((*way, sink))


def _owner(edge: Edge) -> str:
    return edge.external.rpartition(".")[0] or edge.external


def _loop(flags: Context) -> Context:
    """The loop a function runs on: a serving one, else one that nobody proved."""
    for flag in (Context.LOOP, Context.UNPROVED):
        if flag in flags:
            return flag
    return Context.NONE


def _blocking(program: Program, edge: Edge) -> Blocking | None:
    if not edge.external or edge.mode == "await" or edge.once:
        return None
    found = blocking_call(program.policy.knowledge, edge.external)
    if found is None or found.kind == "cpu" or _told_not_to_wait(edge):
        return None
    return found


def _has_no_wait_flag(edge: Edge) -> bool:
    """Whether a call asks only for what is there; what follows on the same object is there too."""
    call = call_of(edge) if edge.external else None
    if call is None:
        return False
    given = [*call.arguments, *(value for name, value in call.keywords if name == "flags")]
    return any(isinstance(value, (Name, Attr)) and _flag_name(value) in _NO_WAIT_FLAGS for value in given)


def _flag_name(value: Name | Attr) -> str:
    return value.id if isinstance(value, Name) else value.name


def _told_not_to_wait(edge: Edge) -> bool:
    call = call_of(edge)
    if call is None:
        return False
    if edge.external == "time.sleep" and call.arguments == (Const(0),):
        return True
    return any(
        isinstance(value, Const) and name in _NOT_WAITING and value.value == _NOT_WAITING[name]
        for name, value in call.keywords
    )


def _finding(
    function: Function, flag: Context, owner: str, found: list[tuple[Edge, Blocking]], ways: list[Way]
) -> Finding:
    """One for all calls of one library, or all of the disk: they have one cause and one fix."""
    edge, blocking = found[0]
    symbol = edge.external
    members = (*members_of(passable(ways, edge), Hop(edge.span, spelled(edge))), *_others(found[1:]))
    disk = blocking.kind == "disk"
    unproved = flag == Context.UNPROVED
    severity = Severity.HIGH
    if disk or unproved:
        severity = Severity.LOW if disk and unproved else Severity.MEDIUM
    return Finding(
        rule=META.id,
        key=f"{function.qualname}:{owner}",
        span=edge.span,
        message=_message(symbol, blocking, unproved),
        severity=severity,
        confidence=Confidence.LOW if unproved and edge.confidence < Confidence.HIGH else edge.confidence,
        members=members,
        evidence=(("waits for", blocking.kind), ("calls here", str(len(found)))),
        fix=_fix(function, edge, blocking, ways),
        surface="report" if disk or unproved else "",
    )


def _message(symbol: str, blocking: Blocking, unproved: bool) -> str:
    waits = f"{symbol} {_WAITS_FOR[blocking.kind]}"
    if unproved:
        return f"{waits} in a coroutine; on the serving loop every other request waits with it."
    return f"{waits} on the event loop; every other request waits with it."


def _others(found: list[tuple[Edge, Blocking]]) -> Iterator[Member]:
    """The further calls, so that one more in the same function is seen to be new."""
    counts: dict[str, int] = {}
    for edge, _ in found:
        counts[edge.external] = count = counts.get(edge.external, 0) + 1
        yield Member(f"call {edge.external} {count}", f"also {spelled(edge)}", edge.span)


def _fix(function: Function, sink: Edge, blocking: Blocking, ways: list[Way]) -> Fix:
    if function.scope.is_async:
        instead = blocking.instead
        code = _in_thread(sink)
        if instead:
            return Fix(f"Use {instead}, or move the call to a thread.", code)
        return Fix("Move the call to a thread.", code)
    return Fix(
        f"Move {function.label} to a thread where the loop calls it, or make it asynchronous"
        + (f" with {blocking.instead}." if blocking.instead else "."),
        _boundary(ways),
    )


def _boundary(ways: list[Way]) -> str:
    """The call at which the loop enters synchronous code, moved to a thread."""
    for _, way in ways:
        for edge in way:
            if edge.caller.scope.is_async and edge.callee and not edge.callee.scope.is_async:
                return _in_thread(edge)
    return ""


def _in_thread(edge: Edge) -> str:
    scope = edge.caller.scope
    call = scope.events[edge.event] if edge.event >= 0 else None
    if not isinstance(call, Call):
        return ""
    arguments = [spell(scope, call.function), *(spell(scope, each) for each in call.arguments)]
    arguments += [f"{name}={spell(scope, value)}" for name, value in call.keywords if name != "**"]
    inner = ", ".join(arguments)
    if len(inner) > _LONGEST or not is_exact(inner):
        inner = f"{arguments[0]}, …" if len(arguments) > 1 else arguments[0]
    return f"await asyncio.to_thread({inner})"
