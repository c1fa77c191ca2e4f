"""From a file's bytes to text as Python's tokenizer sees it, and from its offsets to our columns."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable

from archguard.extract.python_state import Located
from archguard.model.place import Place

_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_BLANK = re.compile(rb"^[ \t\f]*(?:#.*)?$")
_CODE_LINE = re.compile(r"^[ \t\f]*[^\s#]", re.MULTILINE)


class EncodingProblem(Exception):
    """The bytes are not text in the encoding that they say; the message holds none of them."""


def decode(content: bytes) -> str:
    """The text with ``\\n`` as its only line end. Raises `EncodingProblem`."""
    bom = content.startswith(codecs.BOM_UTF8)
    if bom:
        content = content[3:]
    encoding = _cookie(content)
    if bom and encoding not in {"", "utf-8"}:
        raise EncodingProblem("the file has a UTF-8 byte order mark and declares another encoding")
    try:
        text = content.decode(encoding or "utf-8")
    except (UnicodeError, LookupError, ValueError):
        raise EncodingProblem(f"the file is not valid {encoding or 'utf-8'}") from None
    if "\0" in text:
        raise EncodingProblem("the file contains null bytes")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text


def _cookie(content: bytes) -> str:
    """The canonical name of the encoding that the first two lines declare (PEP 263), or nothing."""
    if b"coding" not in content[:400]:
        return ""
    lines = content[:400].splitlines()[:2]
    for line in lines:
        match = _COOKIE.match(line)
        if match:
            return _canonical(match.group(1).decode("ascii", "replace"))
        if not _BLANK.match(line):
            return ""
    return ""


def _canonical(name: str) -> str:
    try:
        return codecs.lookup(name).name
    except (LookupError, ValueError):
        raise EncodingProblem("the file declares an encoding that Python does not know") from None


def count_lines(text: str) -> int:
    """How many lines a text has; a last one without line end counts."""
    return text.count("\n") + (1 if text and not text.endswith("\n") else 0)


def count_code_lines(text: str) -> int:
    """How many lines are neither blank nor only a comment; docstrings count."""
    return len(_CODE_LINE.findall(text))


def utf16_length(text: str) -> int:
    """How many UTF-16 code units a text takes."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def spans(text: str) -> Callable[[Located, Located], Place]:
    """The function that gives the place from one node's start to another's end."""
    return _narrow if text.isascii() else _wide(text)


def _narrow(first: Located, last: Located) -> Place:
    return Place(
        first.lineno,
        first.col_offset + 1,
        last.end_lineno or first.lineno,
        (last.end_col_offset or 0) + 1,
    )


def _wide(text: str) -> Callable[[Located, Located], Place]:
    wide = {n: line.encode() for n, line in enumerate(text.split("\n"), 1) if not line.isascii()}

    def column(line: int, offset: int) -> int:
        if line not in wide:
            return offset + 1
        return utf16_length(wide[line][:offset].decode("utf-8", "replace")) + 1

    def span(first: Located, last: Located) -> Place:
        start, end = first.lineno, last.end_lineno or first.lineno
        return Place(start, column(start, first.col_offset), end, column(end, last.end_col_offset or 0))

    return span
