"""A coroutine catches its own cancellation and goes on.

## What it does

Finds handlers in `async def` functions that catch a cancellation (a bare `except`, `BaseException`,
`asyncio.CancelledError`) around something awaited, and do not raise again.

## Why is this bad

Cancellation is how timeouts, task groups, a client that hangs up and shutdown stop a coroutine, and it
arrives as an exception at the `await`. A coroutine that swallows it runs on: `asyncio.timeout` does not end
it, shutdown waits until it is killed, a task group never ends.

## How to fix

Catch `Exception`, which leaves cancellation alone. Where something has to be cleaned up, do it in `finally`,
or raise again at the end of the handler:

```python
except asyncio.CancelledError:
    await connection.close()
    raise
```

## What it leaves alone

- Handlers that raise anything, or hand the exception on (`future.set_exception(error)`, a list of results).
- An earlier handler of the same `try` that takes the cancellation and raises it again.
- A `try` around nothing that is awaited: no cancellation arrives there.
- Waiting for a task after `task.cancel()`, where the cancellation is the task's and the end that is wanted.
- The end of a coroutine that runs only as a task of its own, where nothing follows the handler.
- Functions that end the process.

## References

- [asyncio: task cancellation](https://docs.python.org/3/library/asyncio-task.html#task-cancellation)
"""

from __future__ import annotations

from collections.abc import Iterator

from archguard.model.facts import Attr, Await, Call, Name, Raise, Region, Result, Scope, Write
from archguard.model.finding import Confidence, Finding, Fix, Severity
from archguard.model.lookups import caught_by, handlers_of, last_name, mentions, within
from archguard.model.program import Function, Program
from archguard.model.rule import Effort, Meta

META = Meta(
    id="AG0607",
    severity=Severity.HIGH,
    surface="report",
    scope="module",
    effort=Effort(base=0.5, per_place=0.25),
    impact=("reliability", "correctness"),
    risk="Timeouts, shutdown and task groups wait for a coroutine that was told to stop and goes on.",
    rollout="Work stops when it is told to; watch shutdown and timeouts once after the release.",
)

_ENDS = {"exit", "_exit", "abort"}
_LOOPS = {"for", "while"}
_TAKERS = {"set_exception", "append", "put", "put_nowait", "send"}


def check(program: Program) -> Iterator[Finding]:
    """Each handler that swallows a cancellation, in the order of modules and lines."""
    for module in program.reviewed():
        if module.role == "source":
            for function in program.scopes[module]:
                if function.scope.is_async:
                    yield from _in_function(program, function)


def _in_function(program: Program, function: Function) -> Iterator[Finding]:
    scope = function.scope
    counts: dict[str, int] = {}
    for index, region in enumerate(scope.regions):
        if region.kind != "try":
            continue
        for handler in handlers_of(scope, index):
            how = _takes_cancellation(scope, scope.regions[handler])
            if not how:
                continue
            if _awaits(scope, index) and not _is_right(program, function, index, handler, how):
                counts[how] = counts.get(how, 0) + 1
                key = f"{function.qualname}:{how}" + (f":{counts[how]}" if counts[how] > 1 else "")
                yield _finding(function, handler, how, key)
            break  # what follows gets no cancellation any more


def _takes_cancellation(scope: Scope, handler: Region) -> str:
    """How a handler catches a cancellation: ``except``, ``BaseException`` or ``CancelledError``."""
    if handler.subject is None:
        return "except"
    for each in caught_by(handler):
        name = last_name(each)
        if isinstance(each, Result):
            event = scope.events[each.event]
            name = last_name(event.function) if isinstance(event, Call) else ""
        if name in {"BaseException", "CancelledError"}:
            return name
        if name == "get_cancelled_exc_class":
            return "CancelledError"
    return ""


def _awaits(scope: Scope, body: int) -> bool:
    """Whether something is awaited in a ``try`` body."""
    for event in scope.events:
        waits = isinstance(event, Await) or (isinstance(event, Call) and event.awaited)
        if waits and within(scope, event.region, body):
            return True
    return any(region.is_async and within(scope, index, body) for index, region in enumerate(scope.regions))


def _is_right(program: Program, function: Function, body: int, handler: int, how: str) -> bool:
    scope = function.scope
    if _passes_on(scope, handler) or _was_cancelled_here(scope, handler):
        return True
    return how == "CancelledError" and _ends_a_task(program, function, body, handler)


def _passes_on(scope: Scope, handler: int) -> bool:
    """Whether the handler raises, ends the process, or gives the exception to somebody."""
    caught = ""
    for event in scope.events:
        if not within(scope, event.region, handler):
            continue
        if isinstance(event, Raise):
            return True
        if isinstance(event, Write) and event.how == "except" and event.region == handler:
            caught = event.target.id if isinstance(event.target, Name) else ""
        elif isinstance(event, Call):
            name = last_name(event.function)
            if name in _ENDS:
                return True
            if caught and name in _TAKERS and mentions(event.arguments, caught):
                return True
        elif isinstance(event, Write) and caught and mentions(event.value, caught):
            return True
    return False


def _was_cancelled_here(scope: Scope, handler: int) -> bool:
    """Whether the function itself cancelled something before: then it waits for that to end."""
    start = scope.regions[handler].place.line
    return any(
        isinstance(event, Call)
        and isinstance(event.function, Attr)
        and event.function.name == "cancel"
        and event.place.line <= start
        for event in scope.events
    )


def _ends_a_task(program: Program, function: Function, body: int, handler: int) -> bool:
    """Whether nothing follows the handler in a coroutine that nobody awaits."""
    scope = function.scope
    at = handler
    while at > 0:
        if scope.regions[at].kind in _LOOPS:
            return _is_task(program, function)  # a break cannot be seen; a task that loops usually has one
        at = scope.regions[at].parent
    end = scope.regions[handler].place.end_line
    follows = any(
        isinstance(event, (Call, Await))
        and event.place.line > end
        and not _in_kind(scope, event.region, "finally")
        and not _in_kind(scope, event.region, "except")
        and getattr(event, "awaited", True)
        for event in scope.events
    )
    return not follows and _is_task(program, function)


def _in_kind(scope: Scope, region: int, kind: str) -> bool:
    while region > 0:
        if scope.regions[region].kind == kind:
            return True
        region = scope.regions[region].parent
    return False


def _is_task(program: Program, function: Function) -> bool:
    """Whether a coroutine only runs as a task of its own, or nobody that is known awaits it."""
    return all(edge.mode in {"task", "callback", "loop", "create"} for edge in program.edges_to(function))


def _finding(function: Function, handler: int, how: str, key: str) -> Finding:
    caught = "A bare except" if how == "except" else f"except {how}"
    region = function.scope.regions[handler]
    narrow = how == "CancelledError"
    place = region.place
    return Finding(
        rule=META.id,
        key=key,
        span=function.module.span(place),
        message=f"{caught} swallows the cancellation of {function.label}: "
        "timeouts and shutdown cannot stop it.",
        severity=Severity.MEDIUM if narrow else Severity.HIGH,
        confidence=Confidence.MEDIUM if narrow else Confidence.HIGH,
        fix=Fix(
            "Raise it again at the end of the handler." if narrow else "Catch Exception instead.",
            "raise" if narrow else "except Exception:",
        ),
        surface="report" if narrow else "",
    )
