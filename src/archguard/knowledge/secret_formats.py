"""The formats of secrets that providers give a shape of their own."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec

_FILE = Path(__file__).with_suffix(".json")


class SecretFormat(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One shape: ``pattern`` finds what is masked, ``exact`` matches what the provider hands out.

    A text has such a secret only if it has one of the ``hints``. ``source`` says where the shape is
    written down.
    """

    kind: str
    hints: tuple[str, ...]
    pattern: str
    exact: str
    source: str


@cache
def secret_formats() -> tuple[SecretFormat, ...]:
    """All formats, in the order in which they are tried."""
    return msgspec.json.decode(_FILE.read_bytes(), type=tuple[SecretFormat, ...])
