"""GitHub's ``primaryLocationLineHash``: what makes an alert the same alert after an edit elsewhere.

A line's hash is a polynomial in 37 over the 100 characters that follow the line's start, spaces and
tabs left out, modulo 2**64; the file ends in one character 65535 and then zeros. Characters are
UTF-16 code units. Every line ending counts as one line feed. Lines with the same hash are numbered
in the order of the file: ``a1b2c3:2`` is the second.
"""

from __future__ import annotations

import re
from operator import mul
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

_WINDOW = 100
_MASK = 2**64 - 1
_END_OF_FILE = "\uffff"
_POWERS = tuple(pow(37, exponent, 2**64) for exponent in range(_WINDOW - 1, -1, -1))
_NOT_BMP = re.compile("[\U00010000-\U0010ffff]")
_DROP = str.maketrans("", "", " \t")


def line_hashes(content: bytes | str, wanted: Collection[int] | None = None) -> dict[int, str]:
    """The hash of each line, numbered from 1, or of the ``wanted`` ones; others are left out.

    Give the file's bytes where they are at hand: GitHub reads them as UTF-8 whatever the file says
    of itself. A final line feed opens one more, empty line.
    """
    text = content.decode("utf-8", "replace") if isinstance(content, bytes) else content
    lines = _code_units(text).split("\n")
    units = "\n".join(lines) + _END_OF_FILE
    hashes: dict[int, str] = {}
    # Equal windows have equal hashes, so windows can be counted and only wanted lines hashed. (Two
    # different windows with the same 64 bits would be counted apart; chance will not produce them.)
    seen: dict[str, int] = {}
    start = 0
    for number, line in enumerate(lines, start=1):
        window = units[start : start + _WINDOW]
        seen[window] = occurrence = seen.get(window, 0) + 1
        if wanted is None or number in wanted:
            hashes[number] = f"{_hash(window):x}:{occurrence}"
        start += len(line) + 1
    return hashes


def _hash(window: str) -> int:
    """The polynomial; what a short window lacks at its end counts as zeros."""
    total: int = sum(map(mul, map(ord, window), _POWERS))
    return total & _MASK


def _code_units(text: str) -> str:
    """The text with one line ending, no blanks, and each character outside the BMP as its two halves."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_DROP)
    return text if text.isascii() else _NOT_BMP.sub(_halves, text)


def _halves(match: re.Match[str]) -> str:
    offset = ord(match[0]) - 0x10000
    return chr(0xD800 + (offset >> 10)) + chr(0xDC00 + (offset & 0x3FF))
