"""Path patterns as the configuration writes them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_TOKEN = re.compile(r"\*\*/|\*\*|\*|\?|\[!?[^]/]+\]|[^*?\[]+|\[")


class Globs:
    """Matches a path if one of the patterns matches it or a folder above it.

    ``*`` and ``?`` stay within one name, ``**`` crosses folders. A pattern without a slash matches a
    name at any depth, one with a slash counts from the top; a slash at the end means nothing.
    """

    def __init__(self, patterns: Sequence[str]) -> None:
        self._expression = re.compile("|".join(map(_expression, patterns))) if patterns else None

    def match(self, path: str) -> bool:
        """Whether the path is one of those meant."""
        return self._expression is not None and self._expression.match(path) is not None


def _expression(pattern: str) -> str:
    trimmed = pattern.removeprefix("./").strip("/") or "**"
    anchored = "/" in pattern.removeprefix("./").rstrip("/")
    body = "".join(_part(token) for token in _TOKEN.findall(trimmed))
    return f"(?:{'' if anchored else '(?:.*/)?'}{body}(?:/.*)?\\Z)"


def _part(token: str) -> str:
    simple = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}.get(token)
    if simple is not None:
        return simple
    if token.startswith("[") and len(token) > 1:
        inner = token[1:-1].removeprefix("!").replace("\\", "\\\\").replace("[", "\\[").replace("^", "\\^")
        return f"[{'^' if token[1] == '!' else ''}{inner}]"
    return re.escape(token)
