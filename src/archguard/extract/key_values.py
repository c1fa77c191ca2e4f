"""Configuration and code in other languages: the secrets that names and formats give away.

No grammar of any of these languages is followed. In configuration whatever stands behind a name and a sign
is a value, in code only quoted text is; one line at a time, because what is longer is no setting.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from archguard.extract.secret_scan import secrets_in
from archguard.model.facts import TextFacts

SIZE_LIMIT = 300_000
"""Bytes above which a file is data."""

_NAME = r"[\"']?(?P<name>[A-Za-z_][\w.-]{1,79})[\"']?"
_QUOTES = r"\"(?P<double>[^\"\n]{1,4000})\"|'(?P<single>[^'\n]{1,4000})'"
_WORD = rf"(?:{_QUOTES}|(?P<plain>[^\s\"'|>&*!{{\[#,][^\s#]*))"
_REST = rf"(?:{_QUOTES}|(?P<plain>[^\s\"'|>&*!{{\[#,][^\n]*?)(?=[ \t]+\#|[ \t]*$))"
_CONFIGURED = (
    re.compile(rf"^[ \t]*(?:-[ \t]+)?{_NAME}[ \t]*:[ \t]+{_REST}", re.MULTILINE),
    re.compile(rf"^[ \t]*(?:-[ \t]+)?(?:(?:export|set)[ \t]+)?{_NAME}[ \t]*:?=[ \t]*{_WORD}", re.MULTILINE),
    re.compile(rf"^[ \t]*(?:ENV|ARG)[ \t]+{_NAME}(?:=|[ \t]+){_WORD}", re.MULTILINE | re.IGNORECASE),
    re.compile(
        r"^[ \t]*-[ \t]*[\"'](?P<name>[A-Za-z_]\w{1,79})=(?P<value>[^\"'\n]{1,4000})[\"']", re.MULTILINE
    ),
)
"""``name: value``, ``- NAME=value``; ``ENV NAME=value``; ``- "NAME=value"``."""

_PAIRS = re.compile(rf"\bname:[ \t]*{_NAME}[ \t]*\n[ \t]*value:[ \t]*{_WORD}")
"""Kubernetes' way to write an environment."""

_QUOTED = (
    re.compile(
        _NAME + r"(?:[ \t]*:[ \t]*[A-Za-z]{1,20})?[ \t]*(?::|=>|=(?!=))[ \t]*"
        r"(?:\"(?P<double>[^\"\n\\]{1,4000})\"|'(?P<single>[^'\n\\]{1,4000})'|`(?P<ticked>[^`\n\\]{1,4000})`)"
    ),
)
"""``name: "value"``, ``"name": "value"``, ``const name: string = 'value'``."""


def extract_config(content: bytes) -> TextFacts:
    """The secrets of a configuration file, a Dockerfile or a shell script."""
    return _extract(content, _CONFIGURED, _PAIRS if b"value:" in content else None)


def extract_script(content: bytes) -> TextFacts:
    """The secrets of a file in which values are quoted."""
    return _extract(content, _QUOTED)


def _extract(
    content: bytes, patterns: Sequence[re.Pattern[str]], pairs: re.Pattern[str] | None = None
) -> TextFacts:
    lines = content.count(b"\n") + (not content.endswith(b"\n"))
    if len(content) > SIZE_LIMIT or b"\0" in content[:8000]:
        return TextFacts(lines=lines)
    text = text_of(content)
    return TextFacts(secrets_in(text, patterns, pairs), lines)


def text_of(content: bytes) -> str:
    """A file's text with line feeds only; bytes that are no text are replaced."""
    text = content.decode("utf-8-sig", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
