"""Places as engines count them, made ours: columns in UTF-16 units, and never outside the file."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from archguard.engines.adapter import Columns, Hit
from archguard.model.place import Place


def placed(hits: Iterable[Hit], content: bytes, columns: Columns) -> tuple[Hit, ...]:
    """The hits with places that exist; one on a line that the file does not have is dropped."""
    text = content.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    return tuple(
        replace(hit, place=_place(hit.place, lines, columns))
        for hit in hits
        if 1 <= hit.place.line <= len(lines)
    )


def _place(place: Place, lines: list[str], columns: Columns) -> Place:
    last = min(max(place.end_line, place.line), len(lines))
    start = _column(place.column, lines[place.line - 1], columns)
    end = _column(place.end_column, lines[last - 1], columns)
    if last == place.line and end <= start:
        end = start + 1 if start <= _width(lines[last - 1]) else start
    return Place(place.line, start, last, end)


def _column(column: int, line: str, columns: Columns) -> int:
    """A column from 1, within the line."""
    before = max(column - 1, 0)
    if line.isascii():
        return min(before, len(line)) + 1
    if columns == "bytes":
        return _width(line.encode()[:before].decode("utf-8", "ignore")) + 1
    return _width(line[:before]) + 1


def _width(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
