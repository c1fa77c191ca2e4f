"""A task that nobody keeps.

## What it does

Finds `asyncio.create_task`, `asyncio.ensure_future`, `loop.create_task` and an `asyncio.gather` that is
not awaited, whose result is dropped: a statement of its own, or a local name that nothing reads.

## Why is this bad

The event loop holds its tasks by weak references only. A task that nothing else refers to can be
garbage-collected in the middle of its work, and nobody hears of it. If it fails, its exception is
reported when the task is collected, if at all, and whoever relied on its work never knows. It is also
beyond the reach of a graceful shutdown.

## How to fix

Await it, or start it in an `asyncio.TaskGroup`. Where it has to outlive its starter, keep it in a set on
something that lives long enough, and let a done callback take it out and look at its exception:

    self._tasks.add(task)
    task.add_done_callback(self._tasks.discard)

## What it leaves alone

- A task that is awaited, returned, yielded, passed on, put into a container or set on an attribute, or
  that gets a done callback.
- `TaskGroup.create_task` and its like, which keep their tasks.
- A local name in a function that stays until the end: the name is the reference. That is a function that
  yields, or goes on into an endless loop, after it has started the task.
- Calls in tests and migrations, and receivers whose type is not known. In a command it is a medium
  finding: the loop ends with the command and cancels what still runs.

## References

- [asyncio.create_task](https://docs.python.org/3/library/asyncio-task.html#asyncio.create_task), the note
  on saving a reference
- ruff RUF006
"""

from __future__ import annotations

from collections.abc import Iterator

from archguard.model.facts import Call, Expr, Result
from archguard.model.finding import Confidence, Finding, Fix, Hop, Severity
from archguard.model.lookups import comes_only_from, library_calls, numbered
from archguard.model.program import Context, Function, Program, events_of
from archguard.model.results import unread_name
from archguard.model.rule import Effort, Meta
from archguard.model.spelling import is_exact, spell

META = Meta(
    id="AG0905",
    severity=Severity.HIGH,
    surface="alert",
    scope="module",
    effort=Effort(base=1, per_place=0.25),
    impact=("reliability", "correctness"),
    risk="Work that was started vanishes halfway, or fails without anybody hearing of it.",
    rollout="Keeping the task changes nothing for callers; its failures now show in the log, so watch it.",
)

_STARTERS = {
    "asyncio.create_task",
    "asyncio.ensure_future",
    "asyncio.AbstractEventLoop.create_task",
    "asyncio.gather",
}
_SILENT = Context.TEST | Context.MIGRATION
_SERVES = Context.LOOP | Context.STARTUP


def check(program: Program) -> Iterator[Finding]:
    """Each started task that is dropped, in the order of modules and lines."""
    for module in program.reviewed():
        if module.role == "source":
            for function in program.scopes[module]:
                yield from _in_function(program, function)


def _in_function(program: Program, function: Function) -> Iterator[Finding]:
    seen: dict[str, int] = {}
    for index, call in events_of(function, Call):
        given = [*call.arguments, *(value for _, value in call.keywords)]
        if call.awaited or not given or not library_calls(program, function, call) & _STARTERS:
            continue
        name = "" if call.discarded else unread_name(program, function, index)
        if (call.discarded or name) and not comes_only_from(program, function, _SILENT):
            yield _finding(program, function, call, _work(function, given[0]), name=name, seen=seen)


def _work(function: Function, given: Expr) -> str:
    """What the task does, as the key and the message name it."""
    event = function.scope.events[given.event] if isinstance(given, Result) else None
    return spell(function.scope, event.function if isinstance(event, Call) else given)


def _finding(
    program: Program, function: Function, call: Call, work: str, *, name: str, seen: dict[str, int]
) -> Finding:
    context = program.contexts.get().of(function)
    kept = f"only the local name {name} holds it, which nothing reads" if name else "nothing keeps it"
    return Finding(
        rule=META.id,
        key=numbered(f"{function.qualname}:{work}", seen, "#"),
        span=function.module.span(call.place),
        message=f"The task that runs {work} is started and dropped: {kept}, so it can be garbage-collected "
        "before it ends, and its exception reaches nobody.",
        severity=Severity.HIGH if context & _SERVES else Severity.MEDIUM,
        confidence=Confidence.HIGH if context and not name else Confidence.MEDIUM,
        related=_started(program, function, call),
        fix=_fix(function, call),
    )


def _started(program: Program, function: Function, call: Call) -> tuple[Hop, ...]:
    """Where the coroutine that the task runs is defined."""
    given = call.arguments[0] if call.arguments else None
    return tuple(
        Hop(edge.callee.header, f"{edge.callee.label} runs in the task")
        for edge in program.edges_from(function)
        if edge.callee is not None and edge.mode == "task" and given == Result(edge.event)
    )


def _fix(function: Function, call: Call) -> Fix:
    given = ", ".join(spell(function.scope, each) for each in call.arguments)
    started = f"{spell(function.scope, call.function)}({given if is_exact(given) and given else '…'})"
    return Fix(
        "Await the task, start it in a TaskGroup, or keep it where it lives long enough until it is done.",
        f"task = {started}\nbackground_tasks.add(task)\ntask.add_done_callback(background_tasks.discard)",
    )
