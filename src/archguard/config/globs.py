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
    return _set(token) if token.startswith("[") and len(token) > 1 else re.escape(token)


def _set(token: str) -> str:
    """``[abc]``, ``[a-z]``, ``[!a]``; literally where it makes no sense, as in ``[z-a]``."""
    negated = token[1] == "!"
    inner = "".join(c if c.isalnum() or c == "-" else f"\\{c}" for c in token[1 + negated : -1])
    expression = f"(?!/)[{'^' * negated}{inner}]"
    try:
        re.compile(expression)
    except re.error:
        return re.escape(token)
    return expression
