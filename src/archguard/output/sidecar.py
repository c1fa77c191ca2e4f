"""Writes and reads the sidecar ``archguard.json``; its shape is in `assess.stored_run`."""

from __future__ import annotations

from archguard.assess import stored_run
from archguard.model.run import Run


def encode(run: Run) -> bytes:
    """The whole run as JSON."""
    return stored_run.to_bytes(run)


def decode(content: bytes) -> Run:
    """The run again. Raises `assess.stored_run.StoredRunError` with one line that says why not."""
    return stored_run.from_bytes(content)
