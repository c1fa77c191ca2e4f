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
from functools import partial

from archguard.model.facts import Attr, Call, Const, Expr, Name, Result, Write, Yield
from archguard.model.finding import Confidence, Finding, Fix, Hop, Severity
from archguard.model.lookups import comes_only_from, mentions
from archguard.model.program import Context, Function, Program, events_of
from archguard.model.rule import Effort, Meta
from archguard.model.spelling import is_exact, spell
from archguard.model.values import External, options_of

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
        if call.awaited or not _looks_like_starter(call):
            continue
        if not _starter(program, function, call):
            continue
        name = "" if call.discarded else _unread_name(program, function, index)
        if (not call.discarded and not name) or comes_only_from(program, function, _SILENT):
            continue
        work = _work(function, call)
        key = f"{function.qualname}:{work}"
        seen[key] = seen.get(key, 0) + 1
        if seen[key] > 1:
            key += f"#{seen[key]}"
        yield _finding(program, function, call, key, name)


def _looks_like_starter(call: Call) -> bool:
    name = call.function.name if isinstance(call.function, Attr) else ""
    name = call.function.id if isinstance(call.function, Name) else name
    return bool(name) and bool(call.arguments or call.keywords)


def _starter(program: Program, function: Function, call: Call) -> str:
    """The library function that starts the task, or an empty string."""
    values = options_of(program.types.callee(function, call))
    paths = [value.path for value in values if isinstance(value, External)]
    return next((path for path in paths if path in _STARTERS), "") if len(paths) == len(values) else ""


# --- what happens to the result -----------------------------------------------------------------------


def _unread_name(program: Program, function: Function, index: int) -> str:
    """The local name that alone keeps the task and that nothing reads, or an empty string."""
    scope = function.scope
    write = next((e for _, e in events_of(function, Write) if e.value == Result(index)), None)
    if write is None or write.how != "=" or not isinstance(write.target, Name):
        return ""
    name = write.target.id
    if scope.kind not in {"function", "lambda"} or name in (*scope.globals, *scope.nonlocals):
        return ""
    inner = [each for each in program.scopes[function.module] if _is_inside(program, each, function)]
    used = any(_is_read(each, name) for each in (function, *inner))
    return "" if used or _stays(function, index) else name


def _is_read(function: Function, name: str) -> bool:
    """Whether a name is read anywhere in a scope, or bound to several things."""
    scope = function.scope
    bindings = sum(isinstance(event, Write) and event.target == Name(name) for event in scope.events)
    subjects = (region.subject for region in scope.regions)
    return bindings > 1 or any(map(partial(_reads, name=name), (*scope.events, *subjects)))


def _reads(item: object, name: str) -> bool:
    """Whether an event or expression reads a name; a plain binding of it does not."""
    if isinstance(item, Write) and item.target == Name(name):
        return mentions(item.value, name)
    return mentions(item, name)


def _is_inside(program: Program, inner: Function, outer: Function) -> bool:
    at = program.parent(inner)
    while at is not None and at is not outer:
        at = program.parent(at)
    return at is outer


def _stays(function: Function, index: int) -> bool:
    """Whether the function's frame, and with it the name, lives on after the task is started."""
    scope = function.scope
    later = scope.events[index + 1 :]
    if any(isinstance(event, Yield) for event in later):
        return True
    return any(
        region.kind == "while"
        and isinstance(region.subject, Const)
        and bool(region.subject.value)
        and region.place.line >= scope.events[index].place.line
        for region in scope.regions
    )


# --- the finding --------------------------------------------------------------------------------------


def _work(function: Function, call: Call) -> str:
    """What the task does, as the key and the message name it."""
    given: Expr = call.arguments[0] if call.arguments else call.keywords[0][1]
    event = function.scope.events[given.event] if isinstance(given, Result) else None
    return spell(function.scope, event.function if isinstance(event, Call) else given)


def _finding(program: Program, function: Function, call: Call, key: str, name: str) -> Finding:
    context = program.contexts.get().of(function)
    served = bool(context & _SERVES)
    work = _work(function, call)
    kept = f"only the local name {name} holds it, which nothing reads" if name else "nothing keeps it"
    return Finding(
        rule=META.id,
        key=key,
        span=function.module.span(call.place),
        message=(
            f"The task that runs {work} is started and dropped: {kept}, so it can be garbage-collected "
            f"before it ends, and its exception reaches nobody."
        ),
        severity=Severity.HIGH if served else Severity.MEDIUM,
        confidence=Confidence.HIGH if context and not name else Confidence.MEDIUM,
        related=_started(program, function, call),
        fix=_fix(function, call),
    )


def _started(program: Program, function: Function, call: Call) -> tuple[Hop, ...]:
    """Where the coroutine that the task runs is defined."""
    edges = [e for e in program.edges_from(function) if e.callee is not None and e.mode == "task"]
    given = call.arguments[0] if call.arguments else None
    return tuple(
        Hop(edge.callee.header, f"{edge.callee.label} runs in the task")
        for edge in edges
        if edge.callee is not None and isinstance(given, Result) and edge.event == given.event
    )


def _fix(function: Function, call: Call) -> Fix:
    written = spell(function.scope, call.function)
    given = ", ".join(spell(function.scope, each) for each in call.arguments)
    started = f"{written}({given})" if is_exact(given) and given else f"{written}(…)"
    return Fix(
        "Await the task, start it in a TaskGroup, or keep it where it lives long enough until it is done.",
        f"task = {started}\nbackground_tasks.add(task)\ntask.add_done_callback(background_tasks.discard)",
    )
