"""From offsets in a text to places."""

from __future__ import annotations

from bisect import bisect_right

from archguard.extract.python_source import utf16_length
from archguard.model.place import Place


class Lines:
    """The line starts of a text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0]
        for line in text.split("\n")[:-1]:
            self._starts.append(self._starts[-1] + len(line) + 1)

    def place(self, start: int, end: int) -> Place:
        """The place of the characters from ``start`` up to ``end``."""
        return Place(*self._position(start), *self._position(end))

    def _position(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._starts, offset)
        return line, utf16_length(self._text[self._starts[line - 1] : offset]) + 1
