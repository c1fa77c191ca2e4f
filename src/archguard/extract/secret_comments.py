"""Prose that is kept (comments, a docstring's first line) with what looks like a secret taken out."""

from __future__ import annotations

from archguard.extract.secret_formats import secret_format

REDACTED = "***"


def scrubbed(text: str) -> str:
    """The text, word by word without secrets; nothing of it where a secret spans words."""
    if len(text) < 8 or not secret_format(text):
        return text
    words = [REDACTED if secret_format(word) else word for word in text.split(" ")]
    kept = " ".join(words)
    return kept if not secret_format(kept) else REDACTED
