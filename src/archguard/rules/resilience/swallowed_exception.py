"""An error is caught and nobody hears of it.

## What it does

Finds handlers of a bare `except`, `Exception`, `BaseException` or an I/O or database error that log nothing,
raise nothing, record nothing and give no answer, and `contextlib.suppress` of the same. A rollback or a
sleep alone is no answer.

## Why is this bad

The request goes on as if the work had been done: the row is not written, the message not sent, and there
is neither a log line nor a metric from which anybody could find out. A broad handler also hides the next
programming error in the same lines.

## How to fix

Catch the narrowest error that is expected here, and log what is not:

```python
except SQLAlchemyError:
    logger.exception("saving the order failed")
    raise
```

## What it leaves alone

- Handlers that log, raise, call something, set state or use the exception, and those that return a value.
- Narrow types: `LookupError`, `ValueError`, `TypeError`, `StopIteration`, `FileNotFoundError`, timeouts of a
  poll, a peer that hangs up.
- Optional imports; cleaning up (`close`, `unlink`, `disconnect`, a `finally`, `__del__`, `__exit__`).
- A failure that is dealt with after the `try`: the result is tested, or the last of several attempts raises.
- Cancellation in coroutines, which is AG0607's.

## References

- [CWE-390: detection of error condition without action](https://cwe.mitre.org/data/definitions/390.html)
- ruff S110, S112
"""

from __future__ import annotations

from collections.abc import Iterator

from archguard.model.facts import (
    Attr,
    Await,
    Call,
    Expr,
    Name,
    Raise,
    Read,
    Region,
    Result,
    Return,
    Scope,
    Write,
)
from archguard.model.finding import Finding, Fix, Severity
from archguard.model.lookups import caught_by, last_name, mentions, try_of, within
from archguard.model.place import Place
from archguard.model.program import Function, Program
from archguard.model.rule import Effort, Meta

META = Meta(
    id="AG0606",
    severity=Severity.MEDIUM,
    surface="report",
    scope="module",
    effort=Effort(base=0.5, per_place=0.25),
    impact=("reliability", "correctness"),
    risk="Work fails without a log line, a metric or an answer from which anybody could find out.",
    rollout="Logging changes nothing for callers; errors that are raised from now on show in the log first.",
    cwe=390,
)

_BROAD = {"Exception", "BaseException"}
_INPUT_OUTPUT = {
    "OSError", "IOError", "EnvironmentError", "ConnectionError", "RequestException", "HTTPError",
    "RequestError", "TransportError", "ClientError", "ClientConnectionError", "BotoCoreError",
    "SQLAlchemyError",
    "DBAPIError", "DatabaseError", "OperationalError", "InterfaceError", "InternalError", "PostgresError",
    "RedisError", "PyMongoError", "SMTPException", "KafkaError", "AMQPError",
}  # fmt: skip
_DRIVERS = {"psycopg2", "psycopg", "sqlite3", "pymysql", "MySQLdb", "aiosqlite", "asyncpg"}
_NOTHING = {"rollback", "sleep"}
_CLEANUP = {
    "close", "aclose", "wait_closed", "disconnect", "shutdown", "unlink", "remove", "rmtree", "rmdir", "kill",
    "terminate", "cancel", "rollback", "stop", "release", "unsubscribe", "unregister", "cleanup",
    "delete_message",
    "join", "quit", "dispose", "killpg",
}  # fmt: skip
_ENDINGS = {
    "__del__", "__exit__", "__aexit__", "close", "aclose", "stop", "shutdown", "cleanup", "teardown",
    "disconnect",
}  # fmt: skip
_WRITES = {
    "commit",
    "flush",
    "bulk_create",
    "bulk_save_objects",
    "insert",
    "insert_one",
    "update_one",
    "save",
}
_GRAVE = {
    "payment", "payments", "billing", "invoice", "invoices", "charge", "refund", "wallet", "auth", "login",
    "authenticate", "authorize", "password", "permission", "permissions", "token", "tokens", "payout",
}  # fmt: skip


def check(program: Program) -> Iterator[Finding]:
    """Each swallowed error, in the order of modules and lines."""
    for module in program.reviewed():
        if module.role == "source":
            optional = {(each.scope, each.region) for each in module.facts.imports if each.region}
            for function in program.scopes[module]:
                counts: dict[str, int] = {}
                for place, body, what in _swallowed(function, optional):
                    counts[what] = counts.get(what, 0) + 1
                    key = f"{function.qualname}:{what}" + (f":{counts[what]}" if counts[what] > 1 else "")
                    yield _finding(function, place, body, what, key)


def _swallowed(function: Function, optional: set[tuple[int, int]]) -> Iterator[tuple[Place, int, str]]:
    """Place, guarded region and caught type of each handler or ``suppress`` that swallows."""
    scope = function.scope
    for index, region in enumerate(scope.regions):
        if region.kind == "except":
            what = _caught(scope, region)
            if not what or not _is_silent(scope, index):
                continue
            body = try_of(scope, index)
        elif region.kind == "with":
            what, body = _suppressed(scope, region), index
            if not what:
                continue
        else:
            continue
        if _is_meant(function, index, body, optional) or _is_dealt_with_later(scope, index, body):
            continue
        if region.kind == "except" and _is_cancellation(scope, what, body):
            continue
        yield region.place, body, what


def _caught(scope: Scope, handler: Region) -> str:
    """The broadest type that a handler catches, if it is one that this rule is about."""
    if handler.subject is None:
        return "except"
    types = caught_by(handler)
    names = [last_name(each) for each in types]
    for name in names:
        if name in _BROAD:
            return name
    own = [name for each, name in zip(types, names, strict=True) if _is_input_output(each, name)]
    return own[0] if own and len(own) == len(names) else ""


def _is_input_output(each: Expr, name: str) -> bool:
    if name == "Error":
        return isinstance(each, Attr) and isinstance(each.base, Name) and each.base.id in _DRIVERS
    return name in _INPUT_OUTPUT


def _suppressed(scope: Scope, region: Region) -> str:
    call = scope.events[region.subject.event] if isinstance(region.subject, Result) else None
    if not isinstance(call, Call) or last_name(call.function) != "suppress":
        return ""
    return next((last_name(each) for each in call.arguments if last_name(each) in _BROAD), "")


def _is_silent(scope: Scope, handler: int) -> bool:
    """Whether nothing happens in a handler but what helps nobody."""
    for event in scope.events:
        if event.region < handler or not within(scope, event.region, handler):
            continue
        if isinstance(event, Call):
            if last_name(event.function) not in _NOTHING:
                return False
        elif isinstance(event, Write):
            if event.how != "except":
                return False
        elif isinstance(event, Return):
            if event.value is not None:
                return False
        elif not isinstance(event, (Read, Await)):
            return False
    return True


def _is_meant(function: Function, index: int, body: int, optional: set[tuple[int, int]]) -> bool:
    """Whether a failure here is no news: an optional import, or cleaning up."""
    scope = function.scope
    if any(owner == function.index and within(scope, region, body) for owner, region in optional):
        return True
    if scope.name in _ENDINGS or scope.name.startswith(("close_", "_close", "cleanup", "_cleanup")):
        return True
    outer = scope.regions[index].parent
    while outer > 0:
        if scope.regions[outer].kind in {"finally", "except"}:
            return True
        outer = scope.regions[outer].parent
    calls = [
        last_name(e.function) for e in scope.events if isinstance(e, Call) and within(scope, e.region, body)
    ]
    return any(name in _CLEANUP for name in calls) and not any(name in _WRITES for name in calls)


def _is_dealt_with_later(scope: Scope, index: int, body: int) -> bool:
    """Whether what follows the ``try`` handles the failure: a test of the result, or a raise at the end."""
    end = scope.regions[index].place.end_line
    written = [
        event.target.id
        for event in scope.events
        if isinstance(event, Write) and isinstance(event.target, Name) and within(scope, event.region, body)
    ]
    if written and any(
        region.kind == "if" and region.place.line >= end and any(mentions(region.subject, n) for n in written)
        for region in scope.regions[index:]
    ):
        return True
    returns = any(isinstance(e, Return) and within(scope, e.region, body) for e in scope.events)
    after = [e for e in scope.events if e.place.line > end]
    if returns and any(isinstance(e, (Call, Raise)) for e in after):
        return True
    around = _loop_around(scope, index)
    return (
        any(isinstance(e, Raise) and not within(scope, e.region, around) for e in after) if around else False
    )


def _loop_around(scope: Scope, region: int) -> int:
    while region > 0:
        if scope.regions[region].kind in {"for", "while"}:
            return region
        region = scope.regions[region].parent
    return 0


def _is_cancellation(scope: Scope, what: str, body: int) -> bool:
    """Whether AG0607 says it already."""
    return (
        scope.is_async
        and what in {"except", "BaseException"}
        and any(
            (isinstance(e, Await) or (isinstance(e, Call) and e.awaited)) and within(scope, e.region, body)
            for e in scope.events
        )
    )


def _is_grave(function: Function, body: int) -> bool:
    """Whether money, access or stored data hang on what fails."""
    words = set(function.qualname.lower().replace(".", "_").split("_"))
    if words & _GRAVE:
        return True
    scope = function.scope
    return any(
        isinstance(e, Call) and last_name(e.function) in _WRITES and within(scope, e.region, body)
        for e in scope.events
    )


def _finding(function: Function, place: Place, body: int, what: str, key: str) -> Finding:
    caught = "A bare except" if what == "except" else f"A handler of {what}"
    scope = function.scope
    calls = [e for e in scope.events if isinstance(e, Call) and within(scope, e.region, body)]
    name = last_name(calls[0].function) if calls else ""
    work = f"{name}()" if name else "the work"
    return Finding(
        rule=META.id,
        key=key,
        span=function.module.span(place),
        message=f"{caught} in {function.label} swallows the error: "
        f"if {work} fails, nothing is logged or raised.",
        severity=Severity.HIGH if _is_grave(function, body) else Severity.MEDIUM,
        fix=Fix(
            "Catch the narrowest error that is expected, and log what is not.",
            f'logger.exception("{name or "the work"} failed")',
        ),
    )
