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
- `except asyncio.CancelledError` with which the coroutine ends: it returns nothing, or leaves its loop, and
  nothing follows. A task of its own may also return something, since nobody waits for it.
- Functions that end the process.

## References

- [asyncio: task cancellation](https://docs.python.org/3/library/asyncio-task.html#task-cancellation)
"""

from __future__ import annotations

from collections.abc import Iterator

from archguard.model.facts import Attr, Call, Return, Scope
from archguard.model.finding import Confidence, Finding, Fix, Severity
from archguard.model.handlers import ends_with, names_of, passes_on
from archguard.model.lookups import handlers_of, is_awaited_in, numbered, runs_only_as_task, within
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

_TAKES = {
    "": "except",
    "BaseException": "BaseException",
    "CancelledError": "CancelledError",
    "get_cancelled_exc_class": "CancelledError",
}


def check(program: Program) -> Iterator[Finding]:
    """Each handler that swallows a cancellation, in the order of modules and lines."""
    for module in program.reviewed():
        if module.role == "source":
            for function in program.scopes[module]:
                if function.scope.is_async:
                    yield from _in_function(program, function)


def _in_function(program: Program, function: Function) -> Iterator[Finding]:
    scope = function.scope
    seen: dict[str, int] = {}
    for body, region in enumerate(scope.regions):
        if region.kind == "try" and is_awaited_in(scope, body):
            handler, how = _taking(scope, body)
            if how and not _is_right(program, function, handler, how):
                yield _finding(function, handler, how, numbered(f"{function.qualname}:{how}", seen))


def _taking(scope: Scope, body: int) -> tuple[int, str]:
    """The handler of a ``try`` that gets a cancellation, and what it names; later ones get none."""
    for handler in handlers_of(scope, body):
        for name in names_of(scope, scope.regions[handler]):
            if name in _TAKES:
                return handler, _TAKES[name]
    return -1, ""


def _is_right(program: Program, function: Function, handler: int, how: str) -> bool:
    scope = function.scope
    if passes_on(scope, handler) or _was_cancelled_here(scope, handler):
        return True
    if how != "CancelledError" or not ends_with(scope, handler):
        return False
    inside = (event for event in scope.events if within(scope, event.region, handler))
    answers = any(isinstance(event, Return) and event.value is not None for event in inside)
    return not answers or runs_only_as_task(program, function)


def _was_cancelled_here(scope: Scope, handler: int) -> bool:
    """Whether the function itself cancelled something before: then it waits for that to end."""
    start = scope.regions[handler].place.line
    calls = (event for event in scope.events if isinstance(event, Call) and event.place.line <= start)
    return any(isinstance(call.function, Attr) and call.function.name == "cancel" for call in calls)


def _finding(function: Function, handler: int, how: str, key: str) -> Finding:
    caught = "A bare except" if how == "except" else f"except {how}"
    narrow = how == "CancelledError"
    return Finding(
        rule=META.id,
        key=key,
        span=function.module.span(function.scope.regions[handler].place),
        message=f"{caught} swallows the cancellation of {function.label}: "
        "timeouts and shutdown cannot stop it.",
        severity=Severity.MEDIUM if narrow else Severity.HIGH,
        confidence=Confidence.MEDIUM if narrow else Confidence.HIGH,
        fix=Fix("Raise it again at the end of the handler.", "raise")
        if narrow
        else Fix("Catch Exception instead.", "except Exception:"),
        surface="report" if narrow else "",
    )
