"""What an endpoint answers with: data that its framework turns into JSON, or a response that it builds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from archguard.model.endpoints import Route
from archguard.model.facts import Attr, Call, Const, Expr, Name, Op, Result, Return
from archguard.model.lookups import bound_value, last_name, making_call
from archguard.model.program import Function, Program, events_of
from archguard.model.values import Awaitable, ClassRef, External, Instance, Unknown, Value, options_of

_PACKAGES = ("starlette.responses.", "fastapi.responses.", "flask.", "sse_starlette.", "django.http.")
PAGES = {"HTMLResponse", "FileResponse", "TemplateResponse", "RedirectResponse", "_TemplateResponse"}
"""Responses for people and files; the path may be the business of the page's own code."""


class Answer(NamedTuple):
    """One ``return`` of a handler.

    ``response`` is the class of a response that the handler builds, empty for data, ``?`` where the value
    is not known. ``call`` builds it, where that is seen.
    """

    event: Return
    value: Expr | None
    response: str
    call: Call | None


def answers_of(program: Program, handler: Function) -> Iterator[Answer]:
    """All returns of a handler, the branches of a conditional value each for itself."""
    for _, event in events_of(handler, Return):
        for value in _branches(event.value):
            yield _answer(program, handler, event, value)


def is_page(program: Program, route: Route) -> bool:
    """Whether an endpoint answers with a page, a file or a redirect."""
    returns = route.handler.scope.returns
    if route.response_class in PAGES or (returns is not None and last_name(returns) in PAGES):
        return True
    return any(each.response in PAGES for each in answers_of(program, route.handler))


def _branches(value: Expr | None) -> list[Expr | None]:
    if isinstance(value, Op) and value.kind == "if":
        return [leaf for each in value.operands[1:] for leaf in _branches(each)]
    return [value]


def _answer(program: Program, handler: Function, event: Return, value: Expr | None) -> Answer:
    call = making_call(handler, value) if value is not None else None
    if isinstance(value, Name):
        value = bound_value(handler, value.id) or value
    if value is None or value == Const(None):
        return Answer(event, None, "", None)
    if call is not None and isinstance(call.function, Attr) and call.function.name == "TemplateResponse":
        return Answer(event, value, "TemplateResponse", call)
    if not isinstance(value, (Name, Attr, Result)):
        return Answer(event, value, "", None)
    found = [_response(program, each) for each in options_of(program.types.value(handler, value))]
    return Answer(event, value, next((each for each in found if each), ""), call)


def _response(program: Program, value: Value) -> str:
    if isinstance(value, Awaitable):
        value = value.result
    if isinstance(value, Unknown):
        return "?"
    if not isinstance(value, Instance):
        return ""
    bases: list[ClassRef | External] = [value.of]
    if isinstance(value.of, ClassRef):
        ancestors = program.types.ancestors(value.of.cls)
        if ancestors is None:
            return "?"
        bases += ancestors
    for base in bases:
        if isinstance(base, External):
            name = base.path.removesuffix("()").rpartition(".")[2]
            if base.path.startswith(_PACKAGES) or name.endswith("Response"):
                return name
            if base.path.endswith("()"):
                return "?"
    return ""
