"""A call to another service that may wait for ever.

## What it does

Finds calls and clients that reach another service without a time limit, by each library's real default:
those that have none unless one is given (requests, urllib, smtplib, sockets, database drivers, subprocesses
and others), and those with a default (httpx 5 s, aiohttp 300 s) where it was switched off. Each finding
carries the routes that reach the call.

## Why is this bad

A peer that accepts the connection and then says nothing holds the caller for as long as it likes. Each
such request keeps a thread, a connection and a slot of the pool; a few minutes later the service answers
nobody, although only one of its dependencies is ill. Retries and circuit breakers never start, since they
need a failure and a call that waits has none.

## How to fix

Give the call a timeout that fits its purpose (a connect and a read timeout where the library takes both),
from a setting, or set it once where the client is built. For a library that takes none, put the await
under `asyncio.timeout()`.

## What it leaves alone

- A timeout from a constant, a setting, a parameter, a dict given as `**kwargs` that holds one, a URL's query,
  or `socket.setdefaulttimeout()`; a session with a mounted adapter of the project's own or that is a
  subclass with its own `request` or `send`.
- An await under `asyncio.timeout()`, `asyncio.wait_for()`, `anyio.fail_after()` and their like, here or in
  every caller that reaches it.
- What waits by design: receiving from a socket, queue, consumer or WebSocket, and streams opened with
  `timeout=None`.
- Calls whose receiver or `**kwargs` is not known: they are counted among the gaps, not reported.
- Commands, tests, migrations and what stands under `if __name__ == "__main__"`. A call in the body of a file
  that nothing imports is a low finding in the report: whether a service runs it is not proved.
- A database client is a medium finding: the server may limit its statements. A subprocess is one too, and a
  low one in the report where nobody is known to start it, none in modules named after commands and tools.

## References

- [requests: timeouts](https://requests.readthedocs.io/en/latest/user/advanced/#timeouts)
- [httpx: timeouts](https://www.python-httpx.org/advanced/timeouts/)
- [aiohttp: timeouts](https://docs.aiohttp.org/en/stable/client_quickstart.html#timeouts)
- ruff S113
"""

from __future__ import annotations

from collections.abc import Iterator

from archguard.model.facts import Const
from archguard.model.finding import Confidence, Finding, Fix, Hop, Severity
from archguard.model.lookups import (
    call_of,
    comes_only_from,
    is_imported,
    is_script_part,
    library_runs_in,
    numbered,
    runs_only_at_import,
)
from archguard.model.objects import by_object
from archguard.model.policy import POOL, ClientTimeout
from archguard.model.program import Context, Edge, Program
from archguard.model.rule import Effort, Meta
from archguard.model.spelling import with_argument
from archguard.model.ways import REQUEST, further, members_of, requests_to, spelled

META = Meta(
    id="AG0601",
    severity=Severity.HIGH,
    surface="alert",
    scope="program",
    effort=Effort(base=1, per_place=0.25),
    impact=("reliability", "scalability"),
    risk="One dependency that stops answering takes threads and connections until the whole service stops.",
    rollout="Callers now get an error where they waited: start with a generous limit, watch how often it "
    "is reached, then lower it.",
    breaks_callers=True,
)

_SERVICE = REQUEST | Context.WORKER | Context.THREAD
_SILENT = Context.CLI | Context.TEST | Context.MIGRATION
_TOOLS = {"cli", "commands", "scripts", "tools", "__main__", "management"}
_ALONE = " Whether a service runs this file is not proved: nothing imports it."
_DATABASES = {"database-pool", "database-connection", "redis-client", "async-redis-client", "mongo-client"}


def check(program: Program) -> Iterator[Finding]:
    """One finding for each client that a function uses without a limit, and for each call without one."""
    limits = program.derived.limits.get()
    for function in program.edges.get():
        found = limits.unlimited(function) if function.module.role == "source" else ()
        unlimited = {edge: e for edge, e in found if not is_script_part(edge) and e.what != POOL}
        if unlimited and not comes_only_from(program, function, _SILENT):
            for owner, edges in by_object(program, list(unlimited)).items():
                for key, together in _mended_together(owner, edges):
                    yield from _findings(program, key, together, unlimited[together[0]])


def _mended_together(owner: str, edges: list[Edge]) -> list[tuple[str, list[Edge]]]:
    """The calls on one object get their limit from it; of a function each call needs its own."""
    if edges[0].external != owner:
        return [(owner, edges)]
    seen: dict[str, int] = {}
    return [(numbered(owner, seen), [edge]) for edge in edges]


def _findings(program: Program, owner: str, edges: list[Edge], entry: ClientTimeout) -> Iterator[Finding]:
    edge, bounded = edges[0], program.derived.limits.get().is_bounded
    ways = requests_to(program, edge.caller)
    waiting = [way for way in ways if not any(map(bounded, way[1]))]
    importing = entry.checked_at == "call" and runs_only_at_import(program, edge.caller, _SILENT)
    alone = importing and not is_imported(program, edge.caller.module)
    severity = _severity(program, edge, entry, served=bool(waiting))
    if severity is None or (ways and not waiting):
        return
    severity = Severity.LOW if alone else severity
    members = members_of(waiting, Hop(edge.span, spelled(edge)))
    yield Finding(
        rule=META.id,
        key=f"{edge.caller.qualname}:{owner}",
        span=edge.span,
        message=_message(edge, entry, len(waiting)) + (_ALONE if alone else ""),
        severity=severity,
        confidence=Confidence.LOW if alone else _confidence(program, edge, entry),
        members=(*members, *further(edges[1:])),
        evidence=(("default", entry.source), ("calls here", str(len(edges)))),
        fix=_fix(edge, entry),
        surface="report" if severity == Severity.LOW else "",
    )


def _severity(program: Program, edge: Edge, entry: ClientTimeout, *, served: bool) -> Severity | None:
    """High on a request's path, medium elsewhere in a service, None where it is of no concern."""
    context = program.contexts.get().of(edge.caller)
    if entry.what == "subprocess" and not context & _SERVICE:
        tool = _TOOLS & set(edge.caller.module.name.split("."))
        return None if tool or runs_only_at_import(program, edge.caller, _SILENT) else Severity.LOW
    if entry.what == "subprocess" or program.policy.knowledge.roles.get(entry.symbol) in _DATABASES:
        return Severity.MEDIUM
    built = entry.checked_at == "constructor"
    served = served or (built and library_runs_in(program, entry.symbol, REQUEST))
    return Severity.HIGH if served else Severity.MEDIUM


def _confidence(program: Program, edge: Edge, entry: ClientTimeout) -> Confidence:
    """Lower where the address may carry the timeout, or where nobody is known to call the function."""
    call = call_of(edge)
    computed = call is not None and any(not isinstance(each, Const) for each in call.arguments[:1])
    in_address = entry.checked_at == "constructor" and computed and entry.default is None
    known = bool(program.contexts.get().of(edge.caller) & ~Context.UNPROVED)
    return edge.confidence if known and not in_address else min(edge.confidence, Confidence.MEDIUM)


def _message(edge: Edge, entry: ClientTimeout, ways: int) -> str:
    call = call_of(edge)
    named = call is not None and any(name in entry.parameters for name, _ in call.keywords)
    does = "switches off the timeout of" if named or entry.default is not None else "sets no timeout for"
    lead = f"{edge.external} {does} its {entry.what or 'call'}: it waits for as long as the other side likes."
    return f"{lead} {ways} routes reach it." if ways > 1 else lead


def _fix(edge: Edge, entry: ClientTimeout) -> Fix:
    if not entry.parameters:
        return Fix("Put the await under asyncio.timeout().", "async with asyncio.timeout(10):\n    …")
    name = entry.parameters[0]
    code = with_argument(spelled(edge), f"{name}=10")
    return Fix(f"Give it {name}= from a setting; how long its callers can wait is the upper bound.", code)
