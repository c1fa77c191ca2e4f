"""What an endpoint answers with: data that its framework turns into JSON, or a response that it builds."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from typing import NamedTuple

from archguard.model.endpoints import Route
from archguard.model.facts import Attr, Call, Const, Container, Expr, Name, Op, Return, Text
from archguard.model.lookups import bound_value, last_name, making_call
from archguard.model.program import Function, Program, events_of
from archguard.model.values import Awaitable, ClassRef, External, Instance, Literal, Value, options_of

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


def status_of(expr: Expr | None) -> int:
    """The status that ``404``, ``HTTP_404_NOT_FOUND`` and ``HTTPStatus.NOT_FOUND`` mean; 0 if not known."""
    if isinstance(expr, Const) and isinstance(expr.value, int):
        return int(expr.value)
    name = last_name(expr)
    digits = "".join(each for each in name if each.isdigit())
    if len(digits) == 3:
        return int(digits)
    return int(HTTPStatus[name]) if name in HTTPStatus.__members__ else 0


def _branches(value: Expr | None) -> list[Expr | None]:
    if isinstance(value, Op) and value.kind == "if":
        return [leaf for each in value.operands[1:] for leaf in _branches(each)]
    return [value]


def _answer(program: Program, handler: Function, event: Return, value: Expr | None) -> Answer:
    call = making_call(handler, value) if value is not None else None
    written = (bound_value(handler, value.id) or value) if isinstance(value, Name) else value
    if value is None or written == Const(None):
        return Answer(event, None, "", None)
    if call is not None and isinstance(call.function, Attr) and call.function.name == "TemplateResponse":
        return Answer(event, written, "TemplateResponse", call)
    if isinstance(written, (Container, Const, Text)) or (isinstance(written, Op) and "comp" in written.kind):
        return Answer(event, written, "", None)
    found = [_response(program, each) for each in options_of(program.types.value(handler, value))]
    return Answer(event, written, next((each for each in found if each), ""), call)


def _response(program: Program, value: Value) -> str:
    if isinstance(value, Awaitable):
        value = value.result
    if isinstance(value, Literal):
        return ""
    if not isinstance(value, Instance):
        return "?"
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
