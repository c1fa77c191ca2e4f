"""Functions that one branch hands to a thread and the other one calls: ``if tasks: tasks.add(f) else: f()``.

Which branch runs is the caller's choice, and a server that has the means to hand on takes that branch.
The call in the other one is for those who have no loop: it runs as the function is handed on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from archguard.model.facts import Expr
from archguard.model.policy import Mode
from archguard.model.program import Edge, Function

_AWAY = {"threadpool", "thread", "process"}
_BRANCHES = {"if", "else"}


def as_handed(function: Function, edges: Sequence[Edge]) -> list[Edge]:
    """The edges, where a call beside a hand-over of the same function runs as that one does."""
    handed: dict[tuple[Function | None, int, Expr], Mode] = {
        (edge.callee, parent, test): edge.mode
        for edge in edges
        if edge.via == "handed-on" and edge.mode in _AWAY
        for parent, test in _branches(function, edge)
    }
    return [_beside(function, edge, handed) if edge.mode == "call" else edge for edge in edges]


def _beside(function: Function, edge: Edge, handed: dict[tuple[Function | None, int, Expr], Mode]) -> Edge:
    for parent, test in _branches(function, edge):
        mode = handed.get((edge.callee, parent, test))
        if mode is not None:
            return msgspec.structs.replace(edge, mode=mode)
    return edge


def _branches(function: Function, edge: Edge) -> Iterator[tuple[int, Expr]]:
    """Every ``if`` or ``else`` that a call stands in: the region around both, and the test."""
    scope = function.scope
    region = scope.events[edge.event].region if edge.event >= 0 else 0
    while region > 0:
        each = scope.regions[region]
        if each.kind in _BRANCHES and each.subject is not None:
            yield each.parent, each.subject
        region = each.parent
