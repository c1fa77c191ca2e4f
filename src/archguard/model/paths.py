"""Path templates as frameworks read them: ``/items/{id:int}`` (Starlette), ``/items/<int:id>`` (Flask)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from archguard.model.endpoints import Framework

_STARLETTE = re.compile(r"{([a-zA-Z_][a-zA-Z0-9_]*)(?::([a-zA-Z_][a-zA-Z0-9_]*))?}")
"""`starlette.routing.PARAM_REGEX` (1.10); what it does not match is literal text."""

_FLASK = re.compile(r"<(?:([a-zA-Z_][a-zA-Z0-9_]*)(?:\([^>]*\))?:)?([a-zA-Z_][a-zA-Z0-9_]*)>")
"""`werkzeug.routing.rules._part_re` (3.1), for what is inside the angle brackets."""

_UUID = r"[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}"
_CONVERTERS = {
    "str": r"[^/]+",
    "path": r".*",
    "int": r"[0-9]+",
    "float": r"[0-9]+(\.[0-9]+)?",
    "uuid": _UUID,
}
"""`starlette.convertors` (1.10)."""

_WITNESSES = {
    "str": ("·",),
    "path": ("", "·", "·/·"),
    "int": ("7",),
    "float": ("7", "7.5"),
    "uuid": ("01234567-89ab-cdef-0123-456789abcdef", "0123456789abcdef0123456789abcdef"),
}
"""Values of every kind that a converter lets through; no other converter's text holds the dot."""


class Placeholder(NamedTuple):
    """A parameter of a path, and the converter that says what it matches."""

    name: str
    converter: str


def placeholders(path: str, framework: Framework) -> tuple[Placeholder, ...]:
    """The parameters of a path, in its order."""
    if framework == "flask":
        return tuple(Placeholder(m[2], m[1] or "string") for m in _FLASK.finditer(path))
    return tuple(Placeholder(m[1], m[2] or "str") for m in _STARLETTE.finditer(path))


def swallows(earlier: str, later: str) -> bool:
    """Whether every path that a Starlette template matches is matched by an earlier one; False if unsure."""
    pattern = _pattern(earlier)
    witnesses = _instances(later)
    return pattern is not None and bool(witnesses) and all(pattern.fullmatch(each) for each in witnesses)


@lru_cache(maxsize=4096)
def _pattern(path: str) -> re.Pattern[str] | None:
    parts, position = [], 0
    for match in _STARLETTE.finditer(path):
        converter = _CONVERTERS.get(match[2] or "str")
        if converter is None:
            return None
        parts += [re.escape(path[position : match.start()]), f"(?:{converter})"]
        position = match.end()
    return re.compile("".join([*parts, re.escape(path[position:])]), re.DOTALL)


@lru_cache(maxsize=4096)
def _instances(path: str) -> tuple[str, ...]:
    """Paths that a template matches, one for each kind of value; empty for an unknown converter."""
    found, position = [""], 0
    for match in _STARLETTE.finditer(path):
        literal = path[position : match.start()]
        values = _WITNESSES.get(match[2] or "str", ())
        found = [each + literal + value for each in found for value in values][:64]
        position = match.end()
    return tuple(each + path[position:] for each in found)
