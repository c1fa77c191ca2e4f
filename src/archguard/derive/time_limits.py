"""Time limits: which calls may wait for ever, by each client's real default and what it was given.

A limit is followed through constants, settings, ``**options``, sessions, adapters, URLs and deadlines; what
cannot be told is counted in the program's gaps and takes no side.
"""

from __future__ import annotations

from typing import Literal as Choice

from archguard.derive.deadlines import is_bounded
from archguard.derive.sessions import is_adapted
from archguard.model.facts import Attr, Call, Const, Expr, Op
from archguard.model.lookups import call_of, entries_of, making_call
from archguard.model.policy import ClientTimeout, lookup
from archguard.model.program import Edge, Function, Program, events_of
from archguard.model.values import External, Literal, options_of

Given = Choice["absent", "never", "given", "unknown"]


class CallLimits:
    """The time limits of calls (see `archguard.model.derived.TimeLimits`)."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._knowledge = program.policy.knowledge
        self._entries: dict[str, ClientTimeout | None] = {}
        edges = (edge for found in program.edges.get().values() for edge in found)
        self._sockets_limited = any(edge.external == "socket.setdefaulttimeout" for edge in edges)
        self._found: dict[Function, tuple[tuple[Edge, ClientTimeout], ...]] = {}

    def unlimited(self, function: Function) -> tuple[tuple[Edge, ClientTimeout], ...]:
        """The calls in a function that nothing limits, with what is known of each, in their order."""
        if function not in self._found:
            judged = ((edge, self._judge(edge)) for edge in self._program.edges_from(function))
            self._found[function] = tuple((edge, entry) for edge, entry in judged if entry is not None)
        return self._found[function]

    def is_bounded(self, edge: Edge) -> bool:
        """Whether a call, whatever it calls, stands under a deadline in its own coroutine."""
        return is_bounded(self._program, edge)

    def _judge(self, edge: Edge) -> ClientTimeout | None:
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
        if self._in_url(edge.caller, call, entry):
            return False
        return not (entry.holder and is_adapted(self._program, edge.caller, call))

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

    def _in_url(self, function: Function, call: Call, entry: ClientTimeout) -> bool:
        """Whether a connection's URL or options carry the timeout, where they are written out."""
        written = [*call.arguments[:1], *(value for name, value in call.keywords if name != "**")]
        values = (self._program.types.value(function, each) for each in written)
        options = (option for value in values for option in options_of(value))
        texts = [option.value for option in options if isinstance(option, Literal)]
        wanted = (*entry.parameters, "statement_timeout")
        return any(isinstance(text, str) and any(name in text for name in wanted) for text in texts)


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
