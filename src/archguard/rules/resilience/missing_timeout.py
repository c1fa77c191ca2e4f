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
- Commands, tests and migrations. A database client is a medium finding: the server may limit its
  statements. A subprocess is one too, and a low one in the report where nobody is known to start it,
  none in modules named after commands and tools.

## References

- [requests: timeouts](https://requests.readthedocs.io/en/latest/user/advanced/#timeouts)
- [httpx: timeouts](https://www.python-httpx.org/advanced/timeouts/)
- [aiohttp: timeouts](https://docs.aiohttp.org/en/stable/client_quickstart.html#timeouts)
- ruff S113
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal as Choice

from archguard.model.facts import Attr, Call, Const, Expr, Name, Op, Region, Result, Write
from archguard.model.finding import Confidence, Finding, Fix, Hop, Member, Severity
from archguard.model.lookups import call_of, comes_only_from, entries_of, making_call
from archguard.model.policy import ClientTimeout, lookup
from archguard.model.program import Context, Edge, Function, Program, Root, events_of
from archguard.model.rule import Effort, Meta
from archguard.model.spelling import is_exact, spell_call
from archguard.model.values import ClassRef, External, Instance, Literal, options_of

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

_REQUEST = Context.LOOP | Context.THREADPOOL
_SERVICE = _REQUEST | Context.WORKER | Context.THREAD
_SILENT = Context.CLI | Context.TEST | Context.MIGRATION
_TOOLS = {"cli", "commands", "scripts", "tools", "__main__", "management"}
_DATABASES = {"database-pool", "database-connection", "redis-client", "async-redis-client", "mongo-client"}
Given = Choice["absent", "never", "given", "unknown"]


def check(program: Program) -> Iterator[Finding]:
    """One finding for each client that a function uses without a limit."""
    limits = _Limits(program)
    for function, edges in program.edges.get().items():
        if function.module.role != "source":
            continue
        clients: dict[str, list[tuple[Edge, ClientTimeout]]] = {}
        for edge in edges:
            entry = limits.unlimited(edge)
            if entry is not None:
                owner = (
                    edge.external if entry.checked_at == "constructor" else edge.external.rpartition(".")[0]
                )
                clients.setdefault(owner, []).append((edge, entry))
        for owner, found in clients.items():
            finding = _finding(program, limits, function, owner, found)
            if finding is not None:
                yield finding


# --- whether a call has a limit -----------------------------------------------------------------------


class _Limits:
    """Which calls may wait for ever; counts in the program's gaps what it could not tell."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._knowledge = program.policy.knowledge
        self._entries: dict[str, ClientTimeout | None] = {}
        edges = (edge for found in program.edges.get().values() for edge in found)
        self._sockets_limited = any(edge.external == "socket.setdefaulttimeout" for edge in edges)

    def unlimited(self, edge: Edge) -> ClientTimeout | None:
        """What is known of a call that has no limit, or None where it has one or is no such call."""
        symbol = edge.external
        if symbol not in self._entries:
            self._entries[symbol] = lookup(self._knowledge.timeouts, symbol, self._knowledge.bases)
        entry, call = self._entries[symbol], call_of(edge)
        if entry is None or call is None or edge.via:
            return None
        given = self._given(edge.caller, call, entry)
        if given == "unknown":
            gap = "AG0601: arguments not known"
            self._program.gaps[gap] = self._program.gaps.get(gap, 0) + 1
        forever = given == "never" or (given == "absent" and self._waits_by_default(edge, call, entry))
        return entry if forever and not self.is_bounded(edge) else None

    def _waits_by_default(self, edge: Edge, call: Call, entry: ClientTimeout) -> bool:
        limited = "socket's default" in entry.source and self._sockets_limited
        if entry.default is not None or limited or _is_ended(edge.caller, call):
            return False
        if _in_url(self._program, edge.caller, call, entry):
            return False
        return not (entry.holder and self._is_adapted(edge.caller, call))

    def _given(self, function: Function, call: Call, entry: ClientTimeout) -> Given:
        """Whether the call is handed a timeout, and whether that is one."""
        for name, value in call.keywords:
            if name in entry.parameters:
                return self._judged(function, value, entry)
        starred = any(isinstance(each, Op) and each.kind == "*" for each in call.arguments)
        if 0 <= entry.position < len(call.arguments) and not starred:
            return self._judged(function, call.arguments[entry.position], entry)
        for name, mapping in call.keywords:
            answer = self._in_mapping(function, mapping, entry) if name == "**" else "absent"
            if answer != "absent":
                return answer
        return "unknown" if starred and entry.position >= 0 else "absent"

    def _judged(self, function: Function, value: Expr, entry: ClientTimeout) -> Given:
        found = self._program.types.value(function, value)
        if isinstance(found, Literal) and found.value is None:
            if entry.none_is_default:
                return "absent"
            return "given" if _is_stream(entry) else "never"
        never = self._is_infinite(function, value, entry) and not _is_stream(entry)
        return "never" if never else "given"

    def _is_infinite(self, function: Function, value: Expr, entry: ClientTimeout) -> bool:
        """Whether a value is one of the library's own ways to say "no limit"."""
        call = making_call(function, value)
        if call is None or not entry.infinite:
            return False
        callee = self._program.types.callee(function, call)
        if not isinstance(callee, External):
            return False
        patterns = (pattern.rstrip(")").partition("(") for pattern in entry.infinite)
        return any(made == callee.path and _says_nothing(call, inside) for made, _, inside in patterns)

    def _in_mapping(self, function: Function, mapping: Expr, entry: ClientTimeout) -> Given:
        """Whether a ``**mapping`` holds a timeout, where its content is seen."""
        shown = entries_of(function, mapping)
        if shown is None:
            return "unknown"
        for key, value in shown:
            if key in entry.parameters:
                return self._judged(function, value, entry)
        return "unknown" if any(key == "**" for key, _ in shown) else "absent"

    # --- sessions, deadlines ------------------------------------------------------------------------

    def _is_adapted(self, function: Function, call: Call) -> bool:
        """Whether a session may set a timeout of its own: by a subclass, an adapter, a replaced method."""
        if not isinstance(call.function, Attr):
            return False
        base = call.function.base
        for value in options_of(self._program.types.value(function, base)):
            if isinstance(value, Instance) and isinstance(value.of, ClassRef):
                names = (f"{value.of.cls.qualname}.{method}" for method in ("request", "send"))
                if any(name in self._program.functions for name in names):
                    return True
        return any(self._adapts(scope) for scope in self._makers(function, base))

    def _makers(self, function: Function, base: Expr) -> Iterator[Function]:
        """The scopes in which a session is likely set up: its module's, and those of who made it."""
        names = {base.id} if isinstance(base, Name) else set()
        named = (
            i.imported for i in self._program.imports if i.importer is function.module and i.name in names
        )
        for module in (function.module, *named):
            for scope in self._program.scopes[module]:
                yield scope
                made = {w.value for _, w in events_of(scope, Write) if w.target == base}
                for edge in self._program.edges_from(scope):
                    if edge.callee is not None and Result(edge.event) in made:
                        yield edge.callee

    def _adapts(self, scope: Function) -> bool:
        for _, write in events_of(scope, Write):
            if isinstance(write.target, Attr) and write.target.name in {"request", "send"}:
                return True
        for _, call in events_of(scope, Call):
            if isinstance(call.function, Attr) and call.function.name == "mount" and len(call.arguments) > 1:
                adapter = self._program.types.value(scope, call.arguments[1])
                plain = Instance(External("requests.adapters.HTTPAdapter"), proved=True)
                if options_of(adapter) != (plain,):
                    return True
        return False

    def is_bounded(self, edge: Edge) -> bool:
        """Whether an await stands under a deadline in its own function."""
        call = call_of(edge)
        if call is None or edge.event < 0:
            return False
        function = edge.caller
        if not function.scope.is_async:
            return False
        region: int = call.region
        while region > 0:
            where = function.scope.regions[region]
            if where.kind == "with" and self._is_deadline(function, where):
                return True
            region = where.parent
        return any(
            Result(edge.event) in (*outer.arguments, *(value for _, value in outer.keywords))
            and self._is_deadline_call(function, outer)
            for _, outer in events_of(function, Call)
        )

    def _is_deadline(self, function: Function, region: Region) -> bool:
        call = making_call(function, region.subject) if region.subject is not None else None
        return call is not None and self._is_deadline_call(function, call)

    def _is_deadline_call(self, function: Function, call: Call) -> bool:
        callee = self._program.types.callee(function, call)
        if not isinstance(callee, External) or self._knowledge.roles.get(callee.path) != "deadline":
            return False
        position = 1 if callee.path == "asyncio.wait_for" else 0
        values = [value for name, value in call.keywords if name in {"timeout", "delay", "when", "seconds"}]
        values += call.arguments[position : position + 1]
        return bool(values) and values[0] != Const(None)


def _is_ended(function: Function, call: Call) -> bool:
    """Whether a limit comes from elsewhere: a pool that is handed on, a process that is killed first."""
    if any(name == "connection_pool" for name, _ in call.keywords):
        return True
    base = call.function.base if isinstance(call.function, Attr) else None
    endings = [Attr(base, name) for name in ("kill", "terminate")] if base is not None else []
    return any(each.function in endings for _, each in events_of(function, Call))


def _is_stream(entry: ClientTimeout) -> bool:
    """Whether a call waits by design, so that a timeout switched off is meant."""
    return entry.symbol.endswith(".stream")


def _says_nothing(call: Call, inside: str) -> bool:
    """Whether a constructor's call leaves out, or gives as None, all that a pattern names."""
    given = dict(call.keywords)
    if inside == "None":
        return (call.arguments == (Const(None),) and not given) or given == {"timeout": Const(None)}
    names = [part.partition("=")[0].strip() for part in inside.split(",")]
    return (
        not call.arguments
        and "**" not in given
        and all(given.get(n, Const(None)) == Const(None) for n in names)
    )


def _in_url(program: Program, function: Function, call: Call, entry: ClientTimeout) -> bool:
    """Whether a connection's URL or options carry the timeout, where they are written out."""
    values = [program.types.value(function, each) for each in call.arguments[:1]]
    values += [program.types.value(function, value) for name, value in call.keywords if name != "**"]
    texts = [option.value for value in values for option in options_of(value) if isinstance(option, Literal)]
    wanted = (*entry.parameters, "statement_timeout")
    return any(isinstance(text, str) and any(name in text for name in wanted) for text in texts)


# --- the finding --------------------------------------------------------------------------------------


def _finding(
    program: Program, limits: _Limits, function: Function, owner: str, found: list[tuple[Edge, ClientTimeout]]
) -> Finding | None:
    edge, entry = found[0]
    ways = list(_ways(program, function))
    open_ways = [(root, edges) for root, edges in ways if not any(map(limits.is_bounded, edges))]
    severity = _severity(program, function, entry, served=bool(open_ways))
    if severity is None or (ways and not open_ways):
        return None
    last = Hop(edge.span, _spelled(edge))
    members = (*(_member(root, edges, last) for root, edges in open_ways), *_others(found[1:]))
    return Finding(
        rule=META.id,
        key=f"{function.qualname}:{owner}",
        span=edge.span,
        message=_message(edge, entry, len(open_ways)),
        severity=severity,
        confidence=_confidence(program, function, edge, entry),
        members=members,
        evidence=(("default", entry.source), ("calls here", str(len(found)))),
        fix=_fix(edge, entry),
        surface="report" if severity == Severity.LOW else "",
    )


def _severity(program: Program, function: Function, entry: ClientTimeout, *, served: bool) -> Severity | None:
    """High on a request's path, medium elsewhere in a service, None where it is of no concern."""
    built = entry.checked_at == "constructor"
    context = program.contexts.get().of(function)
    imported = bool(context) and not built and not context & ~(_SILENT | Context.IMPORT)
    if imported or comes_only_from(program, function, _SILENT):
        return None
    if entry.what == "subprocess":
        tool = None if _TOOLS & set(function.module.name.split(".")) else Severity.LOW
        return Severity.MEDIUM if context & _SERVICE else tool
    if program.policy.knowledge.roles.get(entry.symbol) in _DATABASES:
        return Severity.MEDIUM
    served = served or (built and _is_used_in_requests(program, entry.symbol))
    return Severity.HIGH if served else Severity.MEDIUM


def _is_used_in_requests(program: Program, symbol: str) -> bool:
    """Whether a request reaches a call of the client's library."""
    library = symbol.partition(".")[0] + "."
    of = program.contexts.get().of
    edges = (edge for found in program.edges.get().values() for edge in found)
    return any(edge.external.startswith(library) and of(edge.caller) & _REQUEST for edge in edges)


def _confidence(program: Program, function: Function, edge: Edge, entry: ClientTimeout) -> Confidence:
    """Lower where the address may carry the timeout, or where nobody is known to call the function."""
    call = call_of(edge)
    computed = call is not None and any(not isinstance(each, Const) for each in call.arguments[:1])
    if entry.checked_at == "constructor" and computed and entry.default is None:
        return min(edge.confidence, Confidence.MEDIUM)
    known = bool(program.contexts.get().of(function) & ~Context.UNPROVED)
    return edge.confidence if known else min(edge.confidence, Confidence.MEDIUM)


def _ways(program: Program, function: Function) -> Iterator[tuple[Root, tuple[Edge, ...]]]:
    """The requests that reach a function; what start-up sets going beside them is no request."""
    contexts = program.contexts.get()
    flags = contexts.of(function)
    for flag in (Context.LOOP, Context.THREADPOOL):
        if flag in flags:
            for root in contexts.roots(function, flag):
                if root.context in _REQUEST:
                    yield root, contexts.chain(root, function, flag)


def _member(root: Root, edges: tuple[Edge, ...], last: Hop) -> Member:
    hops = tuple(Hop(edge.span, _spelled(edge)) for edge in edges)
    return Member(root.key, root.label, root.span, (Hop(root.span, root.label), *hops, last))


def _others(found: list[tuple[Edge, ClientTimeout]]) -> Iterator[Member]:
    """The further calls, so that one more in the same function is seen to be new."""
    counts: dict[str, int] = {}
    for edge, _ in found:
        counts[edge.external] = count = counts.get(edge.external, 0) + 1
        yield Member(f"call {edge.external} {count}", f"also {_spelled(edge)}", edge.span)


def _spelled(edge: Edge) -> str:
    call = call_of(edge)
    if call is not None:
        return spell_call(edge.caller.scope, call)
    return f"{edge.callee.label} ({edge.via})" if edge.callee else edge.external


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
    call = call_of(edge)
    text = spell_call(edge.caller.scope, call) if call is not None else ""
    clean = bool(text) and is_exact(text) and f"{name}=" not in text
    separator = "" if text.endswith("()") else ", "
    code = f"{text[:-1]}{separator}{name}=10)" if clean else ""
    return Fix(f"Give it {name}= from a setting; how long its callers can wait is the upper bound.", code)
