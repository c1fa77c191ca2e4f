"""A call's arguments held against the parameters of the function that it calls."""

from __future__ import annotations

from archguard.model.facts import Call, Expr, Op, Parameter
from archguard.model.program import Function

_STARRED = {"*", "**"}
_PLACES = {"positional", "normal"}


def is_open(call: Call) -> bool:
    """Whether a call hands on arguments that nobody sees: ``*args`` or ``**options``."""
    starred = any(isinstance(each, Op) and each.kind == "*" for each in call.arguments)
    return starred or any(name in _STARRED for name, _ in call.keywords)


def bound(callee: Function, call: Call) -> dict[str, Expr]:
    """What each parameter is given, defaults included; empty where a call is open."""
    if is_open(call):
        return {}
    parameters = callee.scope.parameters
    if callee.owner is not None and parameters and parameters[0].name in {"self", "cls"}:
        parameters = parameters[1:]
    given = {p.name: p.default for p in parameters if p.default is not None}
    places = [p.name for p in parameters if p.kind in _PLACES]
    return {**given, **dict(zip(places, call.arguments, strict=False)), **dict(call.keywords)}


def misfit(callee: Function, call: Call, *, has_receiver: bool) -> str:
    """How a call's arguments do not fit, in words; empty if they do or nobody can tell."""
    if is_open(call):
        return ""
    parameters = list(callee.scope.parameters)[1 if has_receiver else 0 :]
    given = len(call.arguments)
    places = [p for p in parameters if p.kind in _PLACES]
    if given > len(places) and not any(p.kind == "var" for p in parameters):
        return f"takes {len(places)} positional argument{'s' * (len(places) != 1)}, not {given}"
    names = {p.name for p in parameters if p.kind in {"normal", "keyword"}}
    named = [name for name, _ in call.keywords]
    if not any(p.kind == "kwargs" for p in parameters):
        for name in named:
            if name not in names:
                return f"takes no argument named {name}"
    absent = [p.name for p in _required(parameters, places[given:]) if p.name not in named]
    return f"needs the argument {absent[0]}" if absent else ""


def _required(parameters: list[Parameter], unfilled: list[Parameter]) -> list[Parameter]:
    keyword = [p for p in parameters if p.kind == "keyword"]
    return [p for p in (*unfilled, *keyword) if p.default is None]
