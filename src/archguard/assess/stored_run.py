"""The sidecar ``archguard.json``: a whole run as JSON, beside the SARIF that cannot hold all of it.

SARIF has no place for inventory, controls and statistics, and is cut to what GitHub takes. A run
that comes back from here is the run that was written.
"""

from __future__ import annotations

import msgspec

from archguard.assess.safe_text import json_is_safe, safe_value
from archguard.model.run import Run

SCHEMA = 1
"""Raised when an older archguard could no longer make sense of the file; a new field is no reason."""


class StoredRunError(ValueError):
    """The file is no run that this archguard can read; the message says why in one line."""


class StoredRun(msgspec.Struct, frozen=True):
    """The file's outermost object; ``archguard`` is the schema's number and marks the file as ours."""

    archguard: int
    run: Run


def to_bytes(run: Run) -> bytes:
    """The file's content, with a line feed at its end."""
    stored = StoredRun(SCHEMA, run)
    try:
        content = msgspec.json.encode(stored, order="deterministic")
    except UnicodeEncodeError:  # half a character
        content = b""
    if not content or not json_is_safe(content):
        content = msgspec.json.encode(safe_value(msgspec.to_builtins(stored)), order="deterministic")
    return content + b"\n"


def from_bytes(content: bytes) -> Run:
    """The run in a file's content. Raises StoredRunError."""
    try:
        value = msgspec.json.decode(content)
        return from_value(value if json_is_safe(content) else safe_value(value))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise StoredRunError(f"not JSON: {error}") from error


def from_value(value: object) -> Run:
    """The run in the decoded file, whose texts are safe already. Raises StoredRunError."""
    if not isinstance(value, dict) or not is_stored_run(value):
        raise StoredRunError("not written by archguard: no schema number")
    if value["archguard"] > SCHEMA:
        raise StoredRunError(
            f"written by a newer archguard (schema {value['archguard']}; this one reads up to {SCHEMA})"
        )
    try:
        return msgspec.convert(value, StoredRun).run
    except msgspec.ValidationError as error:
        raise StoredRunError(f"damaged: {error}") from error


def is_stored_run(value: object) -> bool:
    """Whether a decoded JSON value claims to be a sidecar."""
    return isinstance(value, dict) and type(value.get("archguard")) is int
