"""Comments that somebody acts on. Only files whose bytes hold a trigger word are searched."""

from __future__ import annotations

import re

from archguard.extract.python_source import utf16_length
from archguard.extract.secret_comments import scrubbed
from archguard.model.facts import Comment, CommentKind
from archguard.model.place import Place

_TRIGGERS = tuple(
    word.encode()
    for word in (
        *("archguard:", "noqa", "NOQA", "nosec", "nosemgrep", "allowlist", "TODO", "FIXME", "XXX", "HACK"),
        *("todo", "type: ignore", "type:ignore", "pyright:", "mypy:"),
    )
)
_TOKENS = re.compile(
    r'''#[^\n]*|"""(?:[^\\"]|\\.|"(?!""))*"""|\'\'\'(?:[^\\']|\\.|'(?!''))*\'\'\''''
    r"""|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'""",
    re.DOTALL,
)
_KINDS: tuple[tuple[CommentKind, re.Pattern[str]], ...] = (
    ("archguard", re.compile(r"\barchguard:")),
    ("nosemgrep", re.compile(r"\bnosemgrep\b")),
    ("nosec", re.compile(r"\bnosec\b", re.IGNORECASE)),
    ("allowlist", re.compile(r"\ballowlist\b.*\bsecrets?\b|\bpragma: ?(?:allow|white)list\b", re.IGNORECASE)),
    ("noqa", re.compile(r"\bnoqa\b", re.IGNORECASE)),
    ("type", re.compile(r"\s*(?:type: ?ignore|pyright:|mypy:)")),
    ("todo", re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b|^\s*todo\b:?")),
)


def comments_of(content: bytes, text: str) -> tuple[Comment, ...]:
    """The comments of a known kind, in their order.

    Strings and comments are told apart by one pattern over the text, which is what a tokenizer does
    for this question at a tenth of its time.
    """
    if not any(word in content for word in _TRIGGERS):
        return ()
    found: list[Comment] = []
    line, counted = 1, 0
    for token in _TOKENS.finditer(text):
        start = token.start()
        if text[start] != "#":
            continue
        kind = _kind(token.group())
        if kind is None:
            continue
        line += text.count("\n", counted, start)
        counted = start
        before = text[text.rfind("\n", 0, start) + 1 : start]
        found.append(_comment(kind, token.group(), line, before))
    return tuple(found)


def _kind(comment: str) -> CommentKind | None:
    return next((kind for kind, pattern in _KINDS if pattern.search(comment, 1)), None)


def _comment(kind: CommentKind, comment: str, line: int, before: str) -> Comment:
    column = utf16_length(before) + 1
    place = Place(line, column, line, column + utf16_length(comment))
    return Comment(place, kind, scrubbed(comment[1:].strip()), not before.strip())
