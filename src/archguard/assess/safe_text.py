"""Text of others made harmless: no control characters, no halves of characters, no hidden direction."""

from __future__ import annotations

import re

_UNSAFE = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")

_SUSPECT = re.compile(
    rb"\\[bfr]|\\u(?:00[0189]|007[fF]|20[026]|[dD][89a-fA-F])|\x7f|\xc2[\x80-\x9f]|\xe2\x80[\x8e-\xae]|\xe2\x81[\xa6-\xa9]"
)
"""What JSON must contain if any of its strings is unsafe; it may also be there without that."""


def safe(text: str) -> str:
    """The text with what could steer a terminal or hide code written out (``\\x1b``).

    Line feeds and tabs stay, other line endings become line feeds.
    """
    if text.isascii() and text.isprintable():
        return text
    return _UNSAFE.sub(_written_out, text.replace("\r\n", "\n").replace("\r", "\n"))


def safe_line(text: str) -> str:
    """The same on one line."""
    return " ".join(safe(text).split())


def json_is_safe(content: bytes) -> bool:
    """Whether no string of the JSON can need `safe`: one look at the bytes instead of one at each string."""
    return _SUSPECT.search(content) is None


def safe_value(value: object) -> object:
    """A decoded JSON value with every string in it made safe."""
    match value:
        case str():
            return safe(value)
        case list():
            return [safe_value(item) for item in value]
        case dict():
            return {safe(str(key)): safe_value(item) for key, item in value.items()}
        case _:
            return value


def _written_out(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
