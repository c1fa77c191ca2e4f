"""Outcomes kept between runs, each under a digest of everything it was made of.

A hook compares with a commit that has not changed since the last hook; a second scan of the same
files has nothing to find out. Like the facts' cache this one is never trusted: what cannot be read is
made again, and a folder that cannot be written only means that nothing is kept.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import msgspec

from archguard.model.run import Outcome

KEEP = 12
"""Outcomes in one folder; the least recently used go first."""


def digest_of(parts: Iterable[object]) -> str:
    """One digest of all that an outcome depends on; the parts are told apart by their representation."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(repr(part).encode("utf-8", "backslashreplace"))
        digest.update(b"\0")
    return digest.hexdigest()[:32]


def recall(folder: Path, digest: str) -> Outcome | None:
    """The outcome kept under this digest, or None."""
    path = _path(folder, digest)
    try:
        content = path.read_bytes()
        outcome = msgspec.msgpack.decode(content, type=Outcome)
    except (OSError, msgspec.MsgspecError, ValueError, RecursionError):
        return None
    with suppress(OSError):
        os.utime(path)
    return outcome


def keep(folder: Path, digest: str, outcome: Outcome) -> None:
    """Keep an outcome, and let the oldest go; a folder that cannot be written keeps nothing."""
    with suppress(OSError):
        content = msgspec.msgpack.encode(outcome)
        handle, name = tempfile.mkstemp(dir=folder, prefix="outcome-", suffix=".part")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.replace(name, _path(folder, digest))
        _prune(folder)


def _path(folder: Path, digest: str) -> Path:
    return folder / f"outcome-{digest}.bin"


def _prune(folder: Path) -> None:
    kept = sorted(folder.glob("outcome-*.bin"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in kept[KEEP:]:
        path.unlink(missing_ok=True)
