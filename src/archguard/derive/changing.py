"""Calls that change something outside the process: rows, queues, stored files, mail, other services."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from archguard.model.facts import Call, Const, Result, Text
from archguard.model.lookups import call_of, last_name
from archguard.model.policy import Knowledge, lookup
from archguard.model.program import Edge, Effect

_EXECUTES = {
    "execute", "executemany", "executescript", "execute_sql", "exec_driver_sql", "exec", "fetch", "fetchrow",
    "fetchval",
}  # fmt: skip
_STATEMENT = re.compile(
    r"\s*(?:(INSERT\s+INTO|UPDATE\s+\S+\s+SET|DELETE\s+FROM|MERGE\s+INTO|REPLACE\s+INTO)\b"
    r"|(?:SELECT|WITH|PRAGMA|SHOW|EXPLAIN|(?:ALTER|CREATE|DROP)\s+(?:TABLE|INDEX|UNIQUE|VIEW|TYPE|EXTENSION))\b)",
    re.I,
)


def changing_calls(knowledge: Knowledge, edges: Sequence[Edge]) -> Iterator[tuple[Edge, Effect]]:
    """The calls that change something, by their own SQL or by what is known of the library."""
    for edge in edges:
        written = _written(edge)
        kind = lookup(knowledge.changes, edge.external, knowledge.bases) if edge.external else None
        if written:
            yield edge, Effect("changes", "database", written)
        elif kind is not None:
            yield edge, Effect("changes", kind, edge.external)


def _statement(edge: Edge) -> re.Match[str] | None:
    """The beginning of the SQL that a call hands on, where it is written out; group 1 if it changes rows."""
    call = call_of(edge)
    if call is None or not call.arguments:
        return None
    statement = call.arguments[0]
    made = edge.caller.scope.events[statement.event] if isinstance(statement, Result) else None
    if isinstance(made, Call) and last_name(made.function) == "text" and made.arguments:
        statement = made.arguments[0]
    if isinstance(statement, Text) and statement.parts:
        statement = statement.parts[0]
    text = statement.value if isinstance(statement, Const) else None
    return _STATEMENT.match(text) if isinstance(text, str) else None


def _written(edge: Edge) -> str:
    """What a call's own SQL does, if it changes rows: ``execute(UPDATE)``."""
    call, found = call_of(edge), _statement(edge)
    if call is None or found is None or not found[1] or last_name(call.function) not in _EXECUTES:
        return ""
    return f"{last_name(call.function)}({found[1].split()[0].upper()})"


def carries_change(edge: Edge, effect: Effect) -> bool:
    """Whether what the callee changes is what the caller changes.

    A context manager that commits at its end says nothing of what is done in it, and a helper that runs
    any statement changes no rows with one that only reads.
    """
    if edge.via == "with" or (edge.callee is not None and edge.callee.scope.is_generator):
        return False
    found = _statement(edge) if effect.detail == "database" else None
    return found is None or bool(found[1])
