"""Where something stands: in a file (`Place`), and in the repository (`Span`)."""

from __future__ import annotations

import msgspec


class Place(msgspec.Struct, frozen=True, array_like=True, gc=False, order=True):
    """A region of one file, without the file's path.

    Lines and columns count from 1; the end column is exclusive. Columns are UTF-16 code units,
    SARIF's ``columnKind`` ``utf16CodeUnits``.
    """

    line: int
    column: int
    end_line: int
    end_column: int


class Span(msgspec.Struct, frozen=True, gc=False, order=True):
    """A `Place` in a file of the repository; ``path`` is relative to its top, with ``/``."""

    path: str
    place: Place

    @property
    def line(self) -> int:
        """The first line, from 1."""
        return self.place.line

    def __str__(self) -> str:
        return f"{self.path}:{self.place.line}:{self.place.column}"


WHOLE_FILE = Place(1, 1, 1, 1)
"""Where a statement about a whole file is anchored."""
