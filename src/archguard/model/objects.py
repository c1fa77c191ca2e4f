"""Which object an expression means inside one function: what a chain of calls on it begins with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archguard.model.facts import Attr, Call, Expr, Name, Op, Result, Write
from archguard.model.lookups import numbered
from archguard.model.program import Edge, Function, Program, events_of
from archguard.model.values import Instance, Unknown, options_of

_DEEPEST = 20


def receiver_of(program: Program, edge: Edge) -> Expr | None:
    """The object that a call is a method of, or None for a function of a module or a class.

    ``cursor.execute()`` of ``cursor = connection.cursor()`` is asked of what made the connection: the
    name, the attribute, or the `Result` of the call that did. Names that are bound once are followed.
    """
    function, found = edge.caller, None
    at = _entered(edge) if edge.via == "with" else _base(function, edge.event)
    for _ in range(_DEEPEST):
        if at is None or not _is_object(program, function, at):
            break
        found = at = _made(function, at)
        at = _base(function, at.event) if isinstance(at, Result) else None
    return found


def by_object(
    program: Program, edges: Sequence[Edge], apart: frozenset[str] = frozenset()
) -> dict[str, list[Edge]]:
    """Library calls of one function that one change mends, each group under a name without lines.

    Those on one object, a connection and its queries say, have the name of their library; all others
    go by the function called. The methods of objects whose role is in ``apart`` are such functions too.
    """
    receivers = {
        edge: None if _role(program, edge) in apart else receiver_of(program, edge) for edge in edges
    }
    known = set(receivers.values())
    names: dict[Expr, str] = {}
    groups: dict[str, list[Edge]] = {}
    seen: dict[str, int] = {}
    for edge, found in receivers.items():
        receiver = found or next((each for each in _results(edge) if each in known), None)
        if receiver is not None and receiver not in names:
            names[receiver] = numbered(library_of(edge), seen)
        groups.setdefault(names[receiver] if receiver else edge.external, []).append(edge)
    return groups


def library_of(edge: Edge) -> str:
    """The library that a call is of: the first part of its symbol."""
    return edge.external.partition(".")[0]


def _role(program: Program, edge: Edge) -> str:
    """What the class is used for that a call is a method of."""
    return program.policy.knowledge.roles.get(edge.external.rpartition(".")[0], "")


def _results(edge: Edge) -> Iterator[Expr]:
    """What stands for the result of a call: itself, and the names that are bound to it."""
    made = Result(edge.event)
    yield made
    yield from (write.target for _, write in events_of(edge.caller, Write) if write.value == made)


def _base(function: Function, event: int) -> Expr | None:
    call = function.scope.events[event] if event >= 0 else None
    return call.function.base if isinstance(call, Call) and isinstance(call.function, Attr) else None


def _entered(edge: Edge) -> Expr | None:
    """The manager of the ``with`` that an edge enters or leaves."""
    start = edge.place.line, edge.place.column
    regions = (r for r in edge.caller.scope.regions if r.kind == "with")
    return next((r.subject for r in regions if (r.place.line, r.place.column) == start), None)


def _is_object(program: Program, function: Function, expr: Expr) -> bool:
    values = options_of(program.types.value(function, expr))
    return any(isinstance(value, (Instance, Unknown)) for value in values)


def _made(function: Function, expr: Expr) -> Expr:
    """What a local name stands for, where one assignment or ``with`` binds it; itself otherwise."""
    for _ in range(_DEEPEST):
        if isinstance(expr, Op) and expr.kind == "await":
            expr = expr.operands[0]
        if not isinstance(expr, Name):
            break
        writes = [write for _, write in events_of(function, Write) if write.target == expr]
        value = writes[0].value if len(writes) == 1 and writes[0].how in {"=", "with", ":="} else None
        if not isinstance(value, (Name, Attr, Result, Op)):
            break
        expr = value
    return expr
