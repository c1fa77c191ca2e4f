"""Why a file could not be read, in words that never quote it."""

from __future__ import annotations

import re
import sys

from archguard.extract.python_source import utf16_length
from archguard.model.facts import Problem
from archguard.model.place import WHOLE_FILE, Place

_KEYWORDS = frozenset(
    [
        "except",
        "finally",
        "try",
        "else",
        "elif",
        "if",
        "for",
        "while",
        "with",
        "as",
        "in",
        "is",
        "not",
        "def",
        "class",
        "lambda",
        "return",
        "yield",
    ]
)
_QUOTED = re.compile(r"'([^']*)'")
_NEWER: tuple[tuple[tuple[int, int], re.Pattern[str], str], ...] = (
    ((3, 12), re.compile(r"^\s*type\s+[A-Za-z_]\w*\s*(?:\[.*\])?\s*=(?!=)"), "a type statement"),
    ((3, 12), re.compile(r"^\s*(?:async\s+def|def|class)\s+\w+\s*\["), "type parameters"),
    ((3, 14), re.compile(r"(?<![\w'\"])(?:[tT][rR]?|[rR][tT])['\"]"), "a template string"),
    (
        (3, 14),
        re.compile(r"^\s*except\*?\s+[A-Z][\w.]*\s*(?:,\s*(?:[A-Z]\w*|\w+\.[\w.]+)\s*)+:"),
        "except without parentheses",
    ),
)
_NEWER_FSTRING = re.compile(r"^f-string|unterminated (?:f-)?string|unterminated triple")


def syntax_problem(error: SyntaxError, text: str) -> Problem:
    """A syntax error at its place; said apart where a newer Python has that syntax."""
    line = min(max(error.lineno or 1, 1), text.count("\n") + 1)
    source = text.split("\n")[line - 1]
    place = _place(line, error.offset or 1, source)
    newer = _newer(source, error.msg or "")
    if newer:
        return Problem("newer-syntax", newer, place)
    return Problem("syntax", _safe(error.msg or "invalid syntax"), place)


def _place(line: int, offset: int, source: str) -> Place:
    """The offset of a SyntaxError counts characters, from 1."""
    column = utf16_length(source[: max(offset - 1, 0)]) + 1
    return Place(line, column, line, column)


def _newer(source: str, message: str) -> str:
    running = sys.version_info[:2]
    for version, pattern, what in _NEWER:
        if running < version and pattern.search(source):
            return f"Python {version[0]}.{version[1]} or newer is needed for {what}"
    if running < (3, 12) and _NEWER_FSTRING.match(message) and re.search(r"(?i)\b[fr]{1,2}['\"]", source):
        return "this f-string may need Python 3.12 or newer"
    return ""


def _safe(message: str) -> str:
    """The parser's message, if all that it quotes is Python's own."""
    if message.startswith("keyword argument repeated"):
        return "keyword argument repeated"
    for quoted in _QUOTED.findall(message):
        if quoted not in _KEYWORDS and (len(quoted) > 3 or not quoted.isascii() or quoted.isalnum()):
            return "invalid syntax"
    return message if message.isascii() and len(message) < 120 else "invalid syntax"


def encoding_problem(message: str) -> Problem:
    """The bytes are not text."""
    return Problem("encoding", message, WHOLE_FILE)


def depth_problem() -> Problem:
    """The tree is deeper than Python's stack."""
    return Problem("too-deep", "expressions or blocks are nested too deeply to be read", WHOLE_FILE)
