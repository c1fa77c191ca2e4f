"""TOML as a table of values, and the line where a key stands (tomllib does not keep it)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archguard.config.settings import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence

Key = tuple[str | int, ...]
"""Where a value is: the names of tables and keys, and numbers in arrays."""

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]")
_ASSIGNMENT = re.compile(
    r"""^\s*((?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+)(?:\s*\.\s*(?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+))*)\s*="""
)
_PART = re.compile(r""""[^"]*"|'[^']*'|[A-Za-z0-9_-]+""")
_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_FENCES = ('"""', "'''")


def parse(path: str, content: bytes) -> dict[str, object]:
    """The file's values; ConfigError with the line where it is no TOML."""
    import tomllib

    try:
        return dict(tomllib.loads(content.decode("utf-8")))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ConfigError(path, line, "the file is not UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        place = _PLACE.search(message)
        line = int((place and place[1]) or content.count(b"\n") + 1)
        raise ConfigError(path, line, f"not valid TOML: {_PLACE.sub('', message)}") from None
    except (RecursionError, ValueError) as error:
        reason = "nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise ConfigError(path, 0, f"not valid TOML: {reason}") from None


def line_of(content: bytes, key: Key) -> int:
    """The line of a key, or of the closest table above it; 0 where nothing of it is seen."""
    best, depth = 0, 0
    for number, place in _places(content.decode("utf-8", "replace")):
        shared = _shared(place, key)
        if shared > depth and (shared == len(place) or shared >= 2):
            best, depth = number, shared
    return best


def _shared(place: Key, key: Key) -> int:
    return next(
        (i for i, (a, b) in enumerate(zip(place, key, strict=False)) if a != b), min(len(place), len(key))
    )


def _places(text: str) -> Sequence[tuple[int, Key]]:
    """Every header and assignment with its line; strings over several lines are stepped over."""
    found: list[tuple[int, Key]] = []
    table: Key = ()
    counts: dict[Key, int] = {}
    fence = ""
    for number, line in enumerate(text.splitlines(), 1):
        if fence:
            fence = "" if fence in line else fence
            continue
        header, assignment = _HEADER.match(line), _ASSIGNMENT.match(line)
        if header:
            table = _indexed(_parts(header[2]), counts, header[1] == "[[")
            found.append((number, table))
        elif assignment:
            found.append((number, (*table, *_parts(assignment[1]))))
        fence = next((mark for mark in _FENCES if line.count(mark) == 1), "")
    return found


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in _PART.findall(text))


def _indexed(names: tuple[str, ...], counts: dict[Key, int], array: bool) -> Key:
    """A header's names with the number of the array's element that each stands in."""
    place: Key = ()
    for position, name in enumerate(names):
        place = (*place, name)
        if array and position == len(names) - 1:
            counts[place] = counts.get(place, -1) + 1
        if place in counts:
            place = (*place, counts[place])
    return place
