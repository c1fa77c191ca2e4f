"""Paths, regions and locations as SARIF writes them."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import quote

from archguard.assess.safe_text import safe
from archguard.model.place import Place, Span

Json = dict[str, object]

ROOT = "%SRCROOT%"
"""The repository's top level, to which every path is relative."""


def artifact(path: str) -> Json:
    """The file; bytes that are no UTF-8 (git allows them) are percent-encoded like the rest."""
    return {"uri": _uri(path), "uriBaseId": ROOT}


@lru_cache(maxsize=4096)
def _uri(path: str) -> str:
    return quote(path.encode("utf-8", "surrogateescape"), safe="/")


def region(place: Place) -> Json:
    """The whole region."""
    return {
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
    }


def line_region(place: Place, line: str = "") -> Json:
    """The region's part on its first line, at least one character wide.

    A pull request shows an alert only if all its lines were changed, so one line it is. ``line`` is
    that line's text, where it is known.
    """
    end = place.end_column if place.end_line == place.line else _units(line) + 1
    return region(Place(place.line, place.column, place.line, max(end, place.column + 1)))


def location(span: Span, text: str = "", number: int | None = None) -> Json:
    """A location that is not a result's own; with ``number`` a message can link to it."""
    value: Json = {} if number is None else {"id": number}
    value["physicalLocation"] = {
        "artifactLocation": artifact(span.path),
        "region": line_region(span.place),
    }
    if text:
        value["message"] = {"text": " ".join(safe(text).splitlines()) or "here"}
    return value


def primary_location(span: Span, excerpt: tuple[str, ...], excerpt_line: int) -> Json:
    """A result's own location, with the lines around it where they are known."""
    index = span.line - excerpt_line
    line = excerpt[index] if 0 <= index < len(excerpt) else ""
    physical: Json = {"artifactLocation": artifact(span.path), "region": line_region(span.place, line)}
    if line:
        physical["contextRegion"] = {
            "startLine": excerpt_line,
            "endLine": excerpt_line + len(excerpt) - 1,
            "snippet": {"text": safe("\n".join(excerpt) + "\n")},
        }
    return {"physicalLocation": physical}


def _units(line: str) -> int:
    """The length in UTF-16 code units."""
    return len(line.encode("utf-16-le", "surrogatepass")) // 2
