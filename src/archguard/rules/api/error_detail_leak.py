"""The text of an exception, or its traceback, in an answer to the client.

## What it does

Finds `str(e)`, `f"{e}"`, `e.args` and `traceback.format_exc()` that reach a client: in the detail of an
`HTTPException`, in a response, in the data that an endpoint returns. It looks at handlers of `Exception`, of
database errors, and of the standard library's and clients' errors answered with 5xx, and at the
application's exception handlers.

## Why is this bad

What an unexpected exception says was written for the log: SQL with its values, host names, file paths, keys
of upstream services. It shows attackers how the service is built, and clients come to depend on texts that
change with a library's version.

## How to fix

Log the exception, and answer with a text of your own:

```python
except Exception as error:
    logger.exception("quote of %s failed", symbol)
    raise HTTPException(status_code=502, detail="The quote service is not available.") from error
```

## What it leaves alone

- The project's own exceptions, and those of packages that archguard does not know: their text may be written
  for whoever sees it.
- Narrow types answered with 4xx (`ValueError`, `KeyError`, a validation error): what the caller sent is the
  matter. Database errors are no such types.
- `NotImplementedError`, and a `try` that only parses or validates what the caller sent, answered with 4xx.
- Text that is shown in debug mode only, and exceptions that were told apart by `isinstance` first.
- Logging, and errors that leave through a queue, a file or a command's output.

## References

- [CWE-209: error message containing sensitive information](https://cwe.mitre.org/data/definitions/209.html)
- [OWASP: improper error handling](https://owasp.org/www-community/Improper_Error_Handling)
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import NamedTuple

from archguard.model.facts import (
    Attr,
    Call,
    Const,
    Container,
    Expr,
    Name,
    Op,
    Result,
    Return,
    Text,
    Write,
)
from archguard.model.finding import Confidence, Finding, Fix, Member, Severity
from archguard.model.handlers import BROAD
from archguard.model.lookups import around, bound_value, caught_by, last_name, library_calls, try_of, within
from archguard.model.place import Place
from archguard.model.program import Function, Program, events_of
from archguard.model.responses import status_of
from archguard.model.rule import Effort, Meta
from archguard.model.values import ClassRef, External, Unknown, options_of

META = Meta(
    id="AG0313",
    severity=Severity.MEDIUM,
    surface="report",
    scope="program",
    effort=Effort(base=0.25, per_place=0.25),
    impact=("security", "maintainability"),
    risk="Queries, hosts, paths and keys of upstream services are shown to whoever provokes an error.",
    breaks_callers=True,
    rollout="Clients that show or parse the text see another one; keep the status and the answer's shape.",
    security=True,
    cwe=209,
)

_REGISTERING = {"exception_handler", "errorhandler"}
_SPEAKING = {"str", "repr", "format"}
_TRACES = {"traceback.format_exc", "traceback.format_exception", "traceback.format_tb"}
_DEBUG = ("debug", "dev", "verbose", "testing")
_READING = {"json", "body", "form", "loads", "decode", "get", "int", "float", "UUID", "fromisoformat"}
_READING |= {"model_validate", "model_validate_json", "parse_obj", "parse_raw", "validate_python"}
_CLIENTS = {"httpx", "requests", "aiohttp", "urllib3", "botocore", "redis", "grpc", "aiokafka", "aio_pika"}
_STORES = ("sqlalchemy.", "psycopg", "asyncpg.", "pymongo.", "sqlite3.", "django.db.", "peewee.", "aiomysql.")


class _Caught(NamedTuple):
    """An exception that a function has in hand: its name there, and what it may be."""

    name: str
    region: int
    types: tuple[str, ...]


class _Leak(NamedTuple):
    place: Place
    shown: str
    caught: str
    status: int


_Sink = tuple[Expr, int, Place, int]
"""What goes to the client, the status, where it is said, and in which region."""


def check(program: Program) -> Iterator[Finding]:
    """One finding for each function that shows exceptions, its places as members."""
    handlers = {route.handler for route in program.routes.get()}
    registered = dict(_exception_handlers(program))
    for module, scopes in program.scopes.items():
        if module.role != "source":
            continue
        for function in scopes:
            caught = [*_caught(program, function), *registered.get(function, ())]
            leaks = list(_leaks(program, function, caught, function in handlers or function in registered))
            if leaks:
                yield _finding(function, leaks)


# --- what is caught -----------------------------------------------------------------------------------


def _caught(program: Program, function: Function) -> Iterator[_Caught]:
    for _, write in events_of(function, Write):
        if write.how == "except" and isinstance(write.target, Name):
            handler = function.scope.regions[write.region]
            types = [_type(program, function, each) for each in caught_by(handler)]
            yield _Caught(write.target.id, write.region, tuple(types))


def _type(program: Program, function: Function, expr: Expr) -> str:
    """The dotted name of an exception; ``own`` for a class of the project or one that is not known."""
    values = options_of(program.types.value(function, expr))
    if any(isinstance(value, (ClassRef, Unknown)) for value in values):
        return "own"
    return next((value.path for value in values if isinstance(value, External)), "own")


def _exception_handlers(program: Program) -> Iterator[tuple[Function, list[_Caught]]]:
    """Functions that an application runs for exceptions, with the parameter that holds one."""
    for scopes in program.scopes.values():
        for function in scopes:
            parent = program.parent(function)
            if parent is not None and function.scope.parameters:
                for decorator in function.scope.decorators:
                    kind = _handled(program, parent, decorator)
                    if kind:
                        yield function, [_Caught(function.scope.parameters[-1].name, 0, (kind,))]


def _handled(program: Program, scope: Function, decorator: Expr) -> str:
    """The exception that ``@app.exception_handler(…)`` is given; empty for other decorators."""
    call = scope.scope.events[decorator.event] if isinstance(decorator, Result) else None
    if not isinstance(call, Call) or last_name(call.function) not in _REGISTERING or not call.arguments:
        return ""
    given = call.arguments[0]
    if isinstance(given, Const):
        return "Exception" if given.value == 500 else "own"
    return _type(program, scope, given)


# --- what is shown ------------------------------------------------------------------------------------


def _leaks(program: Program, function: Function, caught: list[_Caught], answers: bool) -> Iterator[_Leak]:
    if not caught and not answers:
        return
    for shown, status, place, region in _sinks(program, function, answers):
        if _is_told_apart(function, region):
            continue
        trace = any(_is_trace(program, function, part) for part in _parts(function, shown))
        if trace:
            yield _Leak(place, "a traceback", "", status)
            continue
        for each in caught:
            near = _is_inside(function, region, each.region) and _is_unexpected(each.types, status)
            if near and 400 <= status < 500 and _only_reads_input(program, function, each.region):
                continue
            if near and any(_speaks(function, part, each.name) for part in _parts(function, shown)):
                yield _Leak(place, "the text", _spelled(each.types), status)
                break


def _sinks(program: Program, function: Function, answers: bool) -> Iterator[_Sink]:
    """What goes to the client: its expression, the status, where."""
    roles = program.policy.knowledge.roles
    for _, event in events_of(function, Call):
        named = {roles.get(path, "") for path in library_calls(program, function, event)}
        if "http-error" in named:
            yield from _sink(event, ("detail", 1), ("status_code", 0))
        elif "response" in named:
            yield from _sink(event, ("content", 0), ("status_code", 1))
    for _, back in events_of(function, Return) if answers else ():
        value = back.value
        if isinstance(value, Container) and value.kind in {"dict", "tuple"}:
            yield value, status_of(value.items[-1]) if value.kind == "tuple" else 0, back.place, back.region


def _sink(call: Call, body: tuple[str, int], code: tuple[str, int]) -> Iterator[_Sink]:
    keywords = dict(call.keywords)
    shown, status = (
        call.arguments[place] if len(call.arguments) > place else keywords.get(name)
        for name, place in (body, code)
    )
    if shown is not None:
        yield shown, status_of(status or keywords.get("status")), call.place, call.region


def _parts(function: Function, expr: Expr) -> Iterator[Expr]:
    """An expression with all that it is made of, through local names; what debug mode shows is left out."""
    todo, hops = [expr], 60
    while todo and hops:
        part = todo.pop()
        hops -= 1
        yield part
        if isinstance(part, Container):
            todo += part.items
        elif isinstance(part, Text):
            todo += part.parts
        elif isinstance(part, Op):
            todo += () if part.kind == "if" and _is_debug(part.operands[0]) else part.operands
        elif isinstance(part, Name):
            bound = bound_value(function, part.id)
            todo += [bound] if bound is not None else []
        elif isinstance(part, Result):
            call = function.scope.events[part.event]
            if isinstance(call, Call) and last_name(call.function) in {"dict", "format", "join", "str"}:
                todo += [*call.arguments, *(value for _, value in call.keywords)]


def _speaks(function: Function, part: Expr, name: str) -> bool:
    """``str(e)``, ``f"{e}"``, ``e.args``, ``e.message``."""
    if isinstance(part, Result):
        call = function.scope.events[part.event]
        if isinstance(call, Call) and last_name(call.function) in _SPEAKING:
            return Name(name) in call.arguments
    if isinstance(part, Text):
        return Name(name) in part.parts
    if isinstance(part, Op) and part.kind in {"bin+", "bin%"}:
        return any(each == Name(name) for each in part.operands)
    return isinstance(part, Attr) and part.base == Name(name) and part.name in {"args", "message"}


def _is_trace(program: Program, function: Function, part: Expr) -> bool:
    call = function.scope.events[part.event] if isinstance(part, Result) else None
    return isinstance(call, Call) and bool(library_calls(program, function, call) & _TRACES)


# --- what is expected ---------------------------------------------------------------------------------


def _is_unexpected(types: tuple[str, ...], status: int) -> bool:
    """Whether the text of such an exception was not written for who sees it with this status."""
    if "own" in types or "NotImplementedError" in types:
        return False
    if any(each.rpartition(".")[2] in BROAD for each in types):
        return True
    if any(each.startswith(_STORES) for each in types):
        return True
    return status >= 500 and any(_is_of_machinery(each) for each in types)


def _is_of_machinery(name: str) -> bool:
    """An error of the standard library or of a client of other services."""
    top = name.partition(".")[0]
    return top == name or top in sys.stdlib_module_names or top in _CLIENTS


def _only_reads_input(program: Program, function: Function, handler: int) -> bool:
    """Whether all that a ``try`` does is to parse and check what the caller sent."""
    scope = function.scope
    start = try_of(scope, handler) if handler else 0
    calls = [call for _, call in events_of(function, Call) if start and within(scope, call.region, start)]
    return bool(calls) and all(
        last_name(call.function) in _READING or isinstance(program.types.callee(function, call), ClassRef)
        for call in calls
    )


def _is_inside(function: Function, region: int, handler: int) -> bool:
    return handler in {0, region} or any(index == handler for index, _ in around(function.scope, region))


def _is_told_apart(function: Function, region: int) -> bool:
    """Whether a branch asks for the exception's type, or for debug mode."""
    scope = function.scope
    for _, each in around(scope, region):
        if each.kind in {"if", "case"} and each.subject is not None:
            call = scope.events[each.subject.event] if isinstance(each.subject, Result) else None
            if isinstance(call, Call) and last_name(call.function) in {"isinstance", "hasattr", "getattr"}:
                return True
            if each.kind == "case" or _is_debug(each.subject):
                return True
    return False


def _is_debug(test: Expr) -> bool:
    names = [last_name(each).lower() for each in (test.operands if isinstance(test, Op) else (test,))]
    return any(name.startswith(_DEBUG) or "debug" in name for name in names)


# --- what is said -------------------------------------------------------------------------------------


def _spelled(types: tuple[str, ...]) -> str:
    return " or ".join(each.rpartition(".")[2] or "anything" for each in types) or "an exception"


def _finding(function: Function, leaks: list[_Leak]) -> Finding:
    first = leaks[0]
    what = f"{first.shown} of {first.caught}" if first.caught else first.shown
    code = f" with status {first.status}" if first.status else ""
    module = function.module
    return Finding(
        rule=META.id,
        key=function.qualname,
        span=module.span(first.place),
        message=f"{function.label} sends {what} to the client{code}; it was written for the log.",
        severity=META.severity,
        confidence=Confidence.HIGH,
        members=tuple(
            Member(
                f"{leak.caught or leak.shown} {number}", leak.caught or leak.shown, module.span(leak.place)
            )
            for number, leak in enumerate(leaks, 1)
        ),
        fix=Fix("Log the exception, and answer with a text of your own."),
    )
