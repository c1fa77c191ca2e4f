"""The lines of code at a finding, its place underlined, and the message under that."""

from __future__ import annotations

import re

import msgspec

from archguard.model.place import WHOLE_FILE, Place
from archguard.model.run import Triaged
from archguard.output.console_text import Paint, cells, clean, clean_code, head, tail, untabbed, wrapped

_ROOM, _LINES = 36, 2
"""A message goes below the underlining where there is less room beside it, or it takes more lines."""


_DEFINITION = re.compile(r"(?:async\s+def|def|class)\s+\w+")


class _Marked(msgspec.Struct, frozen=True):
    """A line as it is shown, and which columns of it are underlined."""

    text: str
    start: int = 0
    width: int = 0


def excerpt(item: Triaged, paint: Paint, width: int) -> list[str]:
    """The excerpt up to the finding's first line, and the message; only the message if there is none."""
    place = item.finding.span.place
    number = place.line - item.excerpt_line
    if not 0 <= number < len(item.excerpt):
        return [f"  {line}" for line in _message(item, width - 2)]
    gutter = len(str(place.line)) + 2
    room = max(width - gutter - 3, 10)
    lines = [
        _numbered(n, gutter, head(untabbed(clean_code(line)), room), paint)
        for n, line in enumerate(item.excerpt[:number], start=item.excerpt_line)
    ]
    marked = _marked(item.excerpt[number], place, room)
    lines.append(_numbered(place.line, gutter, marked.text, paint))
    bar = " " * gutter + paint("dim", " │") + " "
    return [*_without_blank_start(lines, item), *(bar + t for t in _under(item, marked, paint, room))]


def _numbered(number: int, gutter: int, text: str, paint: Paint) -> str:
    return (paint("dim", f"{number:>{gutter}} │") + f" {text}").rstrip()


def _without_blank_start(lines: list[str], item: Triaged) -> list[str]:
    """An excerpt does not begin with an empty line."""
    skip = 0
    while skip < len(lines) - 1 and not item.excerpt[skip].strip():
        skip += 1
    return lines[skip:]


def _message(item: Triaged, width: int) -> list[str]:
    paragraphs = item.finding.message.split("\n")
    return [line for paragraph in paragraphs for line in wrapped(clean(paragraph), width)]


def _under(item: Triaged, marked: _Marked, paint: Paint, room: int) -> list[str]:
    """The underlining with the message beside it, or below it where there is little room."""
    if not marked.width:
        return _message(item, room)
    carets = " " * marked.start + "^" * marked.width
    beside = room - len(carets) - 1
    short = _message(item, beside) if beside >= _ROOM // 2 else []
    if 0 < len(short) <= (_LINES if beside >= _ROOM else 1):
        indent = " " * (len(carets) + 1)
        return [f"{paint('mark', carets)} {short[0]}", *(indent + line for line in short[1:])]
    start = min(marked.start, max(0, room - _ROOM - 18))
    return [paint("mark", carets), *(" " * start + line for line in _message(item, room - start))]


# --- the underlined line --------------------------------------------------------------------------


def _marked(line: str, place: Place, room: int) -> _Marked:
    """The line with its place; cut so that the place's beginning is seen."""
    line = line.rstrip()
    start = _index(line, place.column)
    end = _index(line, place.end_column) if place.end_line == place.line else len(line.rstrip())
    if place == WHOLE_FILE or not line.strip():
        return _Marked(head(untabbed(clean_code(line)), room))
    end = max(end, min(start + 1, len(line)), _end_of_name(line, start))
    before = untabbed(clean_code(line[:start]))
    there = untabbed(clean_code(line[start:end]), cells(before))
    after = untabbed(clean_code(line[end:]), cells(before) + cells(there))
    return _fitted(before, there, after, room)


def _end_of_name(line: str, start: int) -> int:
    """Where a definition's name ends, if one begins here: its line stands for all of it."""
    match = _DEFINITION.match(line, start)
    return match.end() if match else 0


def _fitted(before: str, there: str, after: str, room: int) -> _Marked:
    if cells(before) + cells(there) > room:
        # What stands before gives way, down to a fifth of the room; then the place itself is cut.
        before = tail(before, max(room - cells(there), room // 5))
        there = head(there, room - cells(before))
    text = before + there
    rest = head(after, room - cells(text))
    return _Marked(text + rest, cells(before), cells(text) - cells(before))


def _index(line: str, column: int) -> int:
    """The character at a column of UTF-16 units, from 1; the line's end if it is beyond."""
    if line.isascii():
        return min(max(column - 1, 0), len(line))
    units = 1
    for index, character in enumerate(line):
        if units >= column:
            return index
        units += 1 + (ord(character) > 0xFFFF)
    return len(line)
