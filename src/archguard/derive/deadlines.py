"""Deadlines around an await: ``asyncio.timeout()``, ``wait_for``, ``anyio.fail_after()`` and their like."""

from __future__ import annotations

from archguard.model.facts import Call, Const, Expr, Result
from archguard.model.lookups import around, call_of, making_call
from archguard.model.program import Edge, Function, Program, events_of
from archguard.model.values import External

_NAMES = {"timeout", "delay", "when", "seconds"}


def is_bounded(program: Program, edge: Edge) -> bool:
    """Whether a call stands under a deadline in its own coroutine: around it, or it is handed to one."""
    function, call = edge.caller, call_of(edge)
    if call is None or not function.scope.is_async:
        return False
    opened = (each.subject for _, each in around(function.scope, call.region) if each.kind == "with")
    if any(_is_deadline(program, function, subject) for subject in opened):
        return True
    return any(
        Result(edge.event) in (*outer.arguments, *(value for _, value in outer.keywords))
        and _ends(program, function, outer)
        for _, outer in events_of(function, Call)
    )


def _is_deadline(program: Program, function: Function, subject: Expr | None) -> bool:
    call = making_call(function, subject) if subject is not None else None
    return call is not None and _ends(program, function, call)


def _ends(program: Program, function: Function, call: Call) -> bool:
    callee = program.types.callee(function, call)
    if not isinstance(callee, External) or program.policy.knowledge.roles.get(callee.path) != "deadline":
        return False
    position = 1 if callee.path == "asyncio.wait_for" else 0
    values = [value for name, value in call.keywords if name in _NAMES]
    values += call.arguments[position : position + 1]
    return bool(values) and values[0] != Const(None)
