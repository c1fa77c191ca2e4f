"""The log says that something failed, and not what.

## What it does

Finds handlers of a bare `except`, `Exception` or `BaseException` that log an error, critical or warning
message with nothing of the exception in it: no `exc_info`, no `logger.exception`, and the exception is
neither in the message nor given to anybody.

## Why is this bad

Such a handler takes every error, the next programming error included, and all of them look alike in the log.
Whoever is called at night knows that the work failed, and has to reproduce it to learn why: the type, the
message and the place are gone.

## How to fix

```python
except Exception:
    logger.exception("syncing the orders failed")
```

`exc_info=True` does the same at any level.

## What it leaves alone

- Messages that carry the exception (`logger.error("failed: %s", error)`): the cause is not lost.
- Handlers that raise, or hand the exception or its traceback on (Sentry, `traceback.format_exc`, a result).
- One conversion (`json.loads`, `parse`, `int`), of which the message says enough; closing; what is done in
  another handler.
- Narrow types, where the type says what happened; `debug` and `info`, which say that it was expected.
- Commands, scripts and tests.

## References

- [logging: Logger.exception](https://docs.python.org/3/library/logging.html#logging.Logger.exception)
- ruff BLE001, TRY400
"""

from __future__ import annotations

from collections.abc import Iterator

from archguard.model.facts import Attr, Call, Const, Event, Raise, Scope, Write
from archguard.model.finding import Confidence, Finding, Fix, Severity
from archguard.model.handlers import BROAD, names_of
from archguard.model.lookups import around, comes_only_from, last_name, mentions, numbered, try_of, within
from archguard.model.program import Context, Function, Program
from archguard.model.rule import Effort, Meta
from archguard.model.spelling import is_exact, spell_call
from archguard.model.values import External, options_of

META = Meta(
    id="AG0703",
    severity=Severity.MEDIUM,
    surface="report",
    scope="module",
    effort=Effort(base=0.25, per_place=0.1),
    impact=("reliability", "maintainability"),
    risk="Failures are seen and cannot be explained; each one has to be reproduced before it can be mended.",
    rollout="Log lines become longer; nothing else changes.",
)

_LEVELS = {"error", "critical", "fatal", "warning", "warn"}
_RECORDS = {
    "exception", "exc_info", "format_exc", "print_exc", "format_exception", "print_exception",
    "capture_exception", "record_exception", "notice_error",
}  # fmt: skip
_PLAIN = {
    "parse", "loads", "load", "int", "float", "fromisoformat", "strptime", "eval", "match", "fullmatch",
    "compile", "decode", "close", "aclose", "disconnect",
}  # fmt: skip
_SILENT = Context.CLI | Context.TEST | Context.MIGRATION


def check(program: Program) -> Iterator[Finding]:
    """Each log line that loses its error, in the order of modules and lines."""
    for module in program.reviewed():
        if module.role == "source":
            for function in program.scopes[module]:
                yield from _in_function(program, function)


def _in_function(program: Program, function: Function) -> Iterator[Finding]:
    scope = function.scope
    seen: dict[str, int] = {}
    for handler, region in enumerate(scope.regions):
        if region.kind != "except" or BROAD.isdisjoint(names_of(scope, region)):
            continue
        if _says_enough(scope, handler):
            continue
        inside = [event for event in scope.events if within(scope, event.region, handler)]
        logged = [call for call in inside if isinstance(call, Call) and _logs(program, function, call)]
        if logged and not _survives(inside) and not comes_only_from(program, function, _SILENT):
            yield _finding(function, logged[0], numbered(function.qualname, seen))


def _says_enough(scope: Scope, handler: int) -> bool:
    """Whether there is only one thing that can have failed, or nothing that matters any more."""
    if any(region.kind == "except" for _, region in around(scope, scope.regions[handler].parent)):
        return True
    body = try_of(scope, handler)
    calls = [e for e in scope.events if isinstance(e, Call) and within(scope, e.region, body)]
    words = set(last_name(calls[0].function).lower().split("_")) if len(calls) == 1 else set()
    return bool(words & _PLAIN)


def _logs(program: Program, function: Function, call: Call) -> bool:
    """Whether a call logs a failure."""
    if last_name(call.function) not in _LEVELS:
        return False
    if isinstance(call.function, Attr) and "log" in last_name(call.function.base).lower():
        return True
    values = options_of(program.types.callee(function, call))
    return any(isinstance(each, External) and each.path.startswith("logging.") for each in values)


def _survives(inside: list[Event]) -> bool:
    """Whether anything in a handler keeps the exception: it is raised, used, or logged with its traceback."""
    names = [last_name(each.target) for each in inside if isinstance(each, Write) and each.how == "except"]
    for event in inside:
        if isinstance(event, Raise):
            return True
        if isinstance(event, Write) and event.how == "except":
            continue
        if any(mentions(event, name) for name in names if name):
            return True
        if isinstance(event, Call):
            given = dict(event.keywords).get("exc_info", Const(None))
            if last_name(event.function) in _RECORDS or given not in {Const(None), Const(False)}:
                return True
    return False


def _finding(function: Function, call: Call, key: str) -> Finding:
    spelled = spell_call(function.scope, call)
    with_it = f"{spelled[:-1]}, exc_info=True)" if is_exact(spelled) and "(" in spelled else ""
    return Finding(
        rule=META.id,
        key=key,
        span=function.module.span(call.place),
        message=f"{function.label} takes every error here and logs that it failed, and nothing of the error: "
        "its type, message and place are lost.",
        severity=Severity.MEDIUM,
        confidence=Confidence.HIGH,
        fix=Fix("Log the exception with its traceback.", with_it),
    )
