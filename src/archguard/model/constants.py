"""Whether the constants that a chain of calls passes on contradict the tests that stand on its way.

``receive("profile/set")`` never takes the branch ``if topic == "review"``, so a chain through it proves
nothing. Only literals, parameters that are not written again, and plain tests of them are read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from archguard.model.arguments import bound
from archguard.model.facts import Attr, Call, Const, Container, Expr, Name, Op, Result, Scope, Write
from archguard.model.lookups import around, call_of
from archguard.model.program import Edge

_Known = Mapping[str, Const]


def is_contradicted(chain: Sequence[Edge]) -> bool:
    """Whether some call of the chain stands in a branch that its callers' constants do not take."""
    known: _Known = {}
    for edge in chain:
        if known and _is_excluded(edge, known):
            return True
        known = _passed(edge, known)
    return False


def _is_excluded(edge: Edge, known: _Known) -> bool:
    scope = edge.caller.scope
    for _, each in around(scope, scope.events[edge.event].region if edge.event >= 0 else 0):
        if each.kind in {"if", "else"} and each.subject is not None:
            holds = _holds(scope, each.subject, known)
            if holds is not None and holds != (each.kind == "if"):
                return True
    return False


# --- what a call passes -------------------------------------------------------------------------------


def _passed(edge: Edge, known: _Known) -> dict[str, Const]:
    """The callee's parameters whose values are known, and what it sees of an enclosing function."""
    callee, call = edge.callee, call_of(edge)
    if callee is None:
        return {}
    inside = callee.module is edge.caller.module and callee.scope.parent == edge.caller.index
    found = {**known} if inside else {}
    for parameter in callee.scope.parameters:
        found.pop(parameter.name, None)
    if call is not None and edge.via in {"", "constructor", "override"}:
        given = {name: _value(expr, known) for name, expr in bound(callee, call).items()}
        found |= {name: value for name, value in given.items() if value is not None}
    written = {event.target for event in callee.scope.events if isinstance(event, Write)}
    return {name: value for name, value in found.items() if Name(name) not in written}


def _value(expr: Expr, known: _Known) -> Const | None:
    return expr if isinstance(expr, Const) else known.get(expr.id) if isinstance(expr, Name) else None


# --- what a test says ---------------------------------------------------------------------------------


def _holds(scope: Scope, test: Expr, known: _Known) -> bool | None:
    """Whether a test holds; None where that is not known."""
    value = _value(test, known)
    if value is not None:
        return bool(value.value)
    if isinstance(test, Result):
        return _method_holds(scope, test, known)
    if not isinstance(test, Op):
        return None
    if test.kind == "not":
        inner = _holds(scope, test.operands[0], known)
        return None if inner is None else not inner
    if test.kind in {"and", "or"}:
        parts = [_holds(scope, each, known) for each in test.operands]
        decisive = test.kind == "or"
        return decisive if decisive in parts else None if None in parts else not decisive
    return _compared(test, known) if test.kind.startswith("cmp") and len(test.operands) == 2 else None


def _compared(test: Op, known: _Known) -> bool | None:
    left, right = _value(test.operands[0], known), test.operands[1]
    if left is None:
        return None
    if test.kind in {"cmp in", "cmp not in"}:
        if not isinstance(right, Container) or not all(isinstance(each, Const) for each in right.items):
            return None
        return (left in right.items) == (test.kind == "cmp in")
    other = _value(right, known)
    if other is None or test.kind not in {"cmp==", "cmp!=", "cmp is", "cmp is not"}:
        return None
    return (left.value == other.value) == (test.kind in {"cmp==", "cmp is"})


def _method_holds(scope: Scope, test: Result, known: _Known) -> bool | None:
    """``name.startswith("a")`` and ``name.endswith("b")``."""
    call = scope.events[test.event]
    if not isinstance(call, Call) or not isinstance(call.function, Attr) or len(call.arguments) != 1:
        return None
    text, part = _value(call.function.base, known), call.arguments[0]
    if text is None or not isinstance(text.value, str):
        return None
    if not isinstance(part, Const) or not isinstance(part.value, str):
        return None
    if call.function.name == "startswith":
        return text.value.startswith(part.value)
    return text.value.endswith(part.value) if call.function.name == "endswith" else None
