"""Environment files, as python-dotenv and compose read them: ``NAME=value``, quoted or not."""

from __future__ import annotations

import re

from archguard.extract.key_values import SIZE_LIMIT, text_of
from archguard.extract.secret_scan import secrets_in
from archguard.model.facts import TextFacts

_VARIABLE = re.compile(
    r"^[ \t]*(?:export[ \t]+)?(?P<name>[A-Za-z_][\w.-]{0,79})[ \t]*=[ \t]*"
    r"(?:\"(?P<double>[^\"]{1,4000})\"|'(?P<single>[^']{1,4000})'|(?P<plain>[^\s\"'#][^\s#]*))",
    re.MULTILINE,
)


def extract_env(content: bytes) -> TextFacts:
    """The secrets of an environment file."""
    lines = content.count(b"\n") + (not content.endswith(b"\n"))
    if len(content) > SIZE_LIMIT or b"\0" in content:
        return TextFacts(lines=lines)
    text = text_of(content)
    return TextFacts(secrets_in(text, (_VARIABLE,)), lines)
