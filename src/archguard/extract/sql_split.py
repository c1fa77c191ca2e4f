"""Where statements end in a text that the parser does not take whole, and what belongs to psql."""

from __future__ import annotations

import re
from collections.abc import Iterator

_TOKENS = re.compile(
    r"""--[^\n]*|/\*.*?(?:\*/|\Z)|[Ee]'(?:[^'\\]|\\.|'')*(?:'|\Z)|'(?:[^']|'')*(?:'|\Z)|"[^"]*(?:"|\Z)"""
    r"""|\$([A-Za-z_]\w*)?\$.*?(?:\$\1\$|\Z)|;""",
    re.DOTALL,
)
_META = re.compile(r"^\\[^\n]*", re.MULTILINE)
_COPY_DATA = re.compile(
    r"(^\s*COPY\b[^;]*\bFROM\s+stdin\b[^;\n]*;)\n(.*?)^\\\.[^\n]*", re.IGNORECASE | re.DOTALL | re.MULTILINE
)
_NOT_LINE_END = re.compile(r"[^\n]")


def without_psql(text: str) -> str:
    """The text with psql's own commands and inline data as blanks, every offset as before."""
    if "\\" not in text:
        return text
    text = _COPY_DATA.sub(lambda m: m.group(1) + _blank(m.group()[len(m.group(1)) :]), text)
    return _META.sub(lambda m: _blank(m.group()), text)


def _blank(text: str) -> str:
    return _NOT_LINE_END.sub(" ", text)


def statements_of(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each statement; semicolons in strings, comments and bodies end none."""
    start = 0
    for token in _TOKENS.finditer(text):
        if token.group() == ";":
            yield start, token.end()
            start = token.end()
    if text[start:].strip():
        yield start, len(text)
