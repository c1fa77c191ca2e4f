"""An error is caught and nobody hears of it.

## What it does

Finds handlers of a bare `except`, `Exception`, `BaseException` or an I/O or database error that log nothing,
raise nothing, record nothing and give no answer, and `contextlib.suppress` of the same. A rollback or a sleep
alone is no answer. Finds also a `return`, `break` or `continue` that leaves a `finally`: it throws away
whatever was raised.

It is an alert where what fails is proved to matter: the guarded lines, or what they call, change rows, stored
files, a queue or a mailbox, and requests or workers run them; high where a request goes on as if its rows
were written. Every other broad handler that is silent is a low finding of the reassessment, a medium one
where it guards a change.

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
- Narrow types: `LookupError`, `ValueError`, `TypeError`, `StopIteration`, `FileNotFoundError`,
  `IntegrityError`, timeouts of a poll, a peer that hangs up; and I/O errors around anything but a change.
- Optional imports; cleaning up (`close`, `unlink`, `disconnect`, a `finally`, `__del__`, `__exit__`).
- A failure that shows: the guarded lines return, break or set what is used afterwards, or an `else` follows;
  the last of several attempts raises.
- No alerts: statistics, telemetry and caches; changes that a callee already guards; schema changes, commands,
  start-up and tests.
- Cancellation in coroutines, which is AG0607's.

## References

- [CWE-390: detection of error condition without action](https://cwe.mitre.org/data/definitions/390.html)
- [PEP 765: disallow return, break and continue that exit a finally block](https://peps.python.org/pep-0765/)
- ruff S110, S112, B012
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

import msgspec

from archguard.model.facts import (
    Attr,
    Await,
    Call,
    Expr,
    Jump,
    Name,
    Raise,
    Read,
    Region,
    Result,
    Return,
    Scope,
    Write,
)
from archguard.model.finding import Confidence, Finding, Fix, Hop, Member, Severity
from archguard.model.handlers import BROAD, names_of
from archguard.model.lookups import (
    around,
    caught_by,
    handlers_of,
    is_awaited_in,
    last_name,
    mentions,
    numbered,
    try_of,
    within,
)
from archguard.model.place import Place
from archguard.model.program import Context, Edge, Effect, Function, Program
from archguard.model.rule import Effort, Meta
from archguard.model.spelling import spell
from archguard.model.ways import spelled

META = Meta(
    id="AG0606",
    severity=Severity.MEDIUM,
    surface="alert",
    scope="program",
    effort=Effort(base=0.5, per_place=0.25),
    impact=("reliability", "correctness"),
    risk="Work fails without a log line, a metric or an answer from which anybody could find out.",
    rollout="Logging changes nothing for callers; errors that are raised from now on show in the log first.",
    cwe=390,
)

_INPUT_OUTPUT = {
    "OSError", "IOError", "EnvironmentError", "ConnectionError", "RequestException", "HTTPError",
    "RequestError", "TransportError", "ClientError", "ClientConnectionError", "BotoCoreError",
    "SQLAlchemyError", "DBAPIError", "DatabaseError", "OperationalError", "InterfaceError", "InternalError",
    "PostgresError", "RedisError", "PyMongoError", "SMTPException", "KafkaError", "AMQPError",
}  # fmt: skip
_DRIVERS = {"psycopg2", "psycopg", "sqlite3", "pymysql", "MySQLdb", "aiosqlite", "asyncpg"}
_NOTHING = {"rollback", "sleep"}
_CLEANUP = {
    "close", "aclose", "wait_closed", "disconnect", "shutdown", "unlink", "remove", "rmtree", "rmdir", "kill",
    "terminate", "cancel", "rollback", "stop", "release", "unsubscribe", "unregister", "cleanup",
    "delete_message", "join", "quit", "dispose", "killpg",
}  # fmt: skip
_ENDINGS = {
    "__del__", "__exit__", "__aexit__", "close", "aclose", "stop", "shutdown", "cleanup", "teardown",
    "disconnect",
}  # fmt: skip
_OPTIONAL = re.compile(
    r"(?<![a-z0-9])(telemetry|analytics|metrics?|stats?|statistics|track(?:ing)?|posthog|sentry|tracing|traces?"
    r"|gauge|histogram|monitoring|heartbeats?|touch|usage|cached?|caching|warm(?:up)?|prefetch|last_(?:seen|used|active))(?![a-z0-9])"
)
"""Names of work that a service can do without; a failure there need not reach the caller."""

_REQUEST = Context.LOOP | Context.THREADPOOL
_SERVED = _REQUEST | Context.WORKER | Context.THREAD | Context.PROCESS | Context.UNPROVED
_KINDS = {"database": "rows", "message": "a queue", "storage": "stored files", "mail": "mail"}


class _Swallowed(msgspec.Struct, frozen=True):
    """A handler or ``suppress`` that says nothing: what it catches, and the region that it guards."""

    place: Place
    body: int
    what: str
    broad: bool


def check(program: Program) -> Iterator[Finding]:
    """Each swallowed error, in the order of modules and lines."""
    for module, scopes in program.scopes.items():
        if module.role == "source":
            optional = {(each.scope, each.region) for each in module.facts.imports if each.region}
            for function in scopes:
                seen: dict[str, int] = {}
                for each in _swallowed(function, optional):
                    finding = _judged(program, function, each, seen)
                    if finding is not None:
                        yield finding
                yield from _thrown_away(function, seen)


# --- handlers that say nothing ------------------------------------------------------------------------


def _swallowed(function: Function, optional: set[tuple[int, int]]) -> Iterator[_Swallowed]:
    scope = function.scope
    for index, region in enumerate(scope.regions):
        if region.kind == "except" and _is_silent(scope, index):
            what, body = _caught(scope, region), try_of(scope, index)
        elif region.kind == "with":
            what, body = _suppressed(scope, region), index
        else:
            continue
        if what is None or _is_meant(function, index, body, optional) or _shows(scope, index, body):
            continue
        cancels = scope.is_async and what in {"", "BaseException"} and is_awaited_in(scope, body)
        if not (region.kind == "except" and cancels):
            yield _Swallowed(region.place, body, what, what in BROAD)


def _caught(scope: Scope, handler: Region) -> str | None:
    """The broadest type that a handler catches, if it is one that this rule is about."""
    names = names_of(scope, handler)
    broad = next((name for name in names if name in BROAD), None)
    if broad is not None:
        return broad
    own = [n for each, n in zip(caught_by(handler), names, strict=True) if _is_input_output(each, n)]
    return own[0] if own and len(own) == len(names) else None


def _is_input_output(each: Expr, name: str) -> bool:
    if name == "Error":
        return isinstance(each, Attr) and isinstance(each.base, Name) and each.base.id in _DRIVERS
    return name in _INPUT_OUTPUT


def _suppressed(scope: Scope, region: Region) -> str | None:
    call = scope.events[region.subject.event] if isinstance(region.subject, Result) else None
    if not isinstance(call, Call) or last_name(call.function) != "suppress":
        return None
    return next((last_name(each) for each in call.arguments if last_name(each) in BROAD), None)


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
        elif not isinstance(event, (Read, Await, Jump)):
            return False
    return True


def _is_meant(function: Function, index: int, body: int, optional: set[tuple[int, int]]) -> bool:
    """Whether a failure here is no news: an optional import, or cleaning up."""
    scope = function.scope
    if any(owner == function.index and within(scope, region, body) for owner, region in optional):
        return True
    if scope.name in _ENDINGS or scope.name.startswith(("close_", "_close", "cleanup", "_cleanup")):
        return True
    return any(each.kind in {"finally", "except"} for _, each in around(scope, scope.regions[index].parent))


def _is_cleaning(scope: Scope, body: int) -> bool:
    """Whether the last call in a region closes or takes away something."""
    calls = [e for e in scope.events if isinstance(e, Call) and within(scope, e.region, body)]
    return bool(calls) and last_name(calls[-1].function) in _CLEANUP


def _shows(scope: Scope, index: int, body: int) -> bool:
    """Whether the failure can be seen afterwards: by what the guarded lines return, set or leave out."""
    inside = [event for event in scope.events if within(scope, event.region, body)]
    if any(isinstance(e, Return) and e.value is not None for e in inside):
        return True
    if any(isinstance(e, Jump) and e.how == "break" for e in inside) or _has_else(scope, body):
        return True
    writes = [e for e in inside if isinstance(e, Write) and e.how != "except"]
    set_here = {e.target.id for e in writes if isinstance(e.target, Name)}
    end = scope.regions[index].place.end_line
    after = [event for event in scope.events if event.place.line > end]
    tests = [each.subject for each in scope.regions if each.place.line > end]
    if any(_reads((*after, *tests), name) for name in set_here):
        return True
    loops = [number for number, each in around(scope, index) if each.kind in {"for", "while"}]
    return any(isinstance(e, Raise) and not within(scope, e.region, loops[-1]) for e in after if loops)


def _reads(items: tuple[object, ...], name: str) -> bool:
    """Whether anything reads a name; a plain binding of it does not."""
    values = (each.value if isinstance(each, Write) and each.target == Name(name) else each for each in items)
    return any(mentions(each, name) for each in values)


def _has_else(scope: Scope, body: int) -> bool:
    parent, last = scope.regions[body].parent, (handlers_of(scope, body) or [body])[-1]
    following = (each for each in scope.regions[last + 1 :] if each.parent == parent)
    return getattr(next(following, None), "kind", "") == "try-else"


# --- what fails ---------------------------------------------------------------------------------------


def _judged(program: Program, function: Function, found: _Swallowed, seen: dict[str, int]) -> Finding | None:
    """The finding, as grave as what is proved to fail; an I/O error is one only around a change."""
    proof = _change(program, function, found.body)
    if proof is None and (not found.broad or _is_cleaning(function.scope, found.body)):
        return None
    flags = program.contexts.get().of(function)
    matters = proof is not None and proof[1].detail != "service" and bool(flags & _SERVED)
    optional = _is_optional(function, found.body)
    if proof is None and optional:
        return None
    alert = matters and not optional
    grave = alert and proof is not None and proof[1].detail == "database" and bool(flags & _REQUEST)
    severity = Severity.HIGH if grave else Severity.MEDIUM if proof and not optional else Severity.LOW
    name = found.what or "except"
    return Finding(
        rule=META.id,
        key=numbered(f"{function.qualname}:{name}", seen),
        span=function.module.span(found.place),
        message=_message(function, found, proof),
        severity=severity,
        confidence=Confidence.HIGH if alert and flags & _REQUEST else Confidence.MEDIUM,
        related=_chain(program, proof) if proof else (),
        fix=Fix(
            "Catch the narrowest error that is expected, and log what is not.",
            f'logger.exception("{function.scope.name or "this"} failed")',
        ),
        surface="" if alert else "report",
    )


def _is_optional(function: Function, body: int) -> bool:
    """Whether the names in a region, or of its function, speak of work that a service can do without."""
    scope = function.scope
    calls = (e for e in scope.events if isinstance(e, Call) and within(scope, e.region, body))
    return any(_OPTIONAL.search(text.lower()) for text in (function.qualname, *_names(scope, calls)))


def _names(scope: Scope, calls: Iterable[Call]) -> Iterator[str]:
    return (spell(scope, call.function) for call in calls)


def _change(program: Program, function: Function, body: int) -> tuple[Edge, Effect] | None:
    """The call in a region that is nearest to a change outside which no callee guards."""
    scope, effects = function.scope, program.effects.get()
    best: tuple[int, Edge, Effect] | None = None
    for edge in program.edges_from(function):
        if (
            edge.event < 0
            or not within(scope, scope.events[edge.event].region, body)
            or _is_guarded(edge, body)
        ):
            continue
        for effect in effects.through(edge):
            hops = effects.chain(edge.callee, effect) if edge.callee is not None else ()
            near = best is None or len(hops) < best[0]
            if effect.kind == "changes" and near and not any(_is_guarded(hop, 0) for hop in hops):
                best = (len(hops), edge, effect)
    return best[1:] if best else None


def _is_guarded(edge: Edge, outer: int) -> bool:
    """Whether a call stands in a ``try`` of its own that takes every error, inside a region."""
    scope = edge.caller.scope
    for index, each in around(scope, scope.events[edge.event].region if edge.event >= 0 else 0):
        if index == outer:
            return False
        if each.kind == "try" and _takes_all(scope, index, BROAD):
            return True
    return False


def _message(function: Function, found: _Swallowed, proof: tuple[Edge, Effect] | None) -> str:
    caught = f"A handler of {found.what}" if found.what else "A bare except"
    start = f"{caught} in {function.label} swallows the error"
    if proof is None:
        return f"{start}: nothing is logged, raised or recorded, whatever it is."
    edge, effect = proof
    changed = _KINDS.get(effect.detail, "another service")
    return f"{start}: if {spelled(edge)} fails to change {changed}, nothing is logged or raised."


def _chain(program: Program, proof: tuple[Edge, Effect]) -> tuple[Hop, ...]:
    edge, effect = proof
    hops = program.effects.get().chain(edge.callee, effect) if edge.callee is not None else ()
    return tuple(Hop(each.span, spelled(each)) for each in (edge, *hops))


# --- leaving a finally --------------------------------------------------------------------------------


def _thrown_away(function: Function, seen: dict[str, int]) -> Iterator[Finding]:
    """One finding for each ``try`` whose ``finally`` is left by a ``return``, ``break`` or ``continue``."""
    scope = function.scope
    found: dict[int, list[tuple[Place, str]]] = {}
    for event in scope.events:
        end = _finally_left(scope, event) if isinstance(event, (Return, Jump)) else 0
        if end:
            left = event.how if isinstance(event, Jump) else "return"
            found.setdefault(try_of(scope, end), []).append((event.place, left))
    for body, places in found.items():
        place, how = places[0]
        harmless = _takes_all(scope, body, ("", "BaseException") if scope.is_async else BROAD)
        others = enumerate(places[1:], start=2)
        yield Finding(
            rule=META.id,
            key=numbered(f"{function.qualname}:finally", seen),
            span=function.module.span(place),
            message=f"This {how} leaves a finally and throws away every exception that {function.label} "
            "raises there, a cancellation included.",
            severity=Severity.LOW if harmless else Severity.MEDIUM,
            members=tuple(Member(f"{h} {n}", h, function.module.span(p)) for n, (p, h) in others),
            related=(Hop(function.module.span(scope.regions[body].place), "the try"),),
            fix=Fix(f"Move the {how} out of the finally, behind the try."),
            surface="report" if harmless else "",
        )


def _finally_left(scope: Scope, event: Return | Jump) -> int:
    """The ``finally`` that an event leaves, or 0."""
    for index, region in around(scope, event.region):
        if isinstance(event, Jump) and region.kind in {"for", "while"}:
            return 0
        if region.kind == "finally":
            return index
    return 0


def _takes_all(scope: Scope, body: int, names: Collection[str]) -> bool:
    """Whether a handler of a ``try`` takes one of these types and raises nothing."""
    return any(
        not set(names).isdisjoint(names_of(scope, scope.regions[handler]))
        and not any(isinstance(e, Raise) and within(scope, e.region, handler) for e in scope.events)
        for handler in handlers_of(scope, body)
    )
