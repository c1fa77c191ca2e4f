"""What engines said of a file, kept for as long as the file, the engine and the selection are the same.

Every engine here looks at one file at a time, so only files that have changed are looked at again. As
with facts, what is kept is never trusted: what cannot be read is asked for again.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import msgspec

from archguard.engines.adapter import Hit

FORMAT = 1
"""Raised when what is kept gets another meaning."""

SPARE = 3
"""How many times as many files as the last run had are kept, for the other side of a comparison."""

Known = dict[str, tuple[Hit, ...]]
"""What was found, by path and content."""


def key_of(path: str, digest: str) -> str:
    """A file of one content under one path; the path can decide what a tool says."""
    return f"{digest} {path}"


def place_of(folder: Path, engine: str, parts: Sequence[object]) -> Path:
    """The file that holds what an engine of this version and selection said."""
    digest = hashlib.sha256(repr((FORMAT, engine, *parts)).encode()).hexdigest()[:16]
    return folder / f"engine-{engine}-{digest}.bin"


def recall(path: Path | None) -> Known:
    """What is kept there, or nothing."""
    if path is None:
        return {}
    try:
        return msgspec.msgpack.decode(path.read_bytes(), type=Known)
    except (OSError, msgspec.MsgspecError, ValueError, RecursionError):
        return {}


def keep(path: Path | None, before: Known, now: Mapping[str, tuple[Hit, ...]]) -> None:
    """Adds what this run knows; a folder that cannot be written keeps nothing."""
    if path is None or all(key in before for key in now):
        return
    older = {key: hits for key, hits in before.items() if key not in now}
    spare = list(older.items())[-SPARE * len(now) :]
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix="engine-", suffix=".part")
        with os.fdopen(handle, "wb") as file:
            file.write(msgspec.msgpack.encode({**dict(spare), **now}))
        os.replace(name, path)
        _prune(path)


def _prune(path: Path) -> None:
    """What other versions and selections of the engine said goes when there are too many of them."""
    engine = path.name.rpartition("-")[0]
    found = sorted(path.parent.glob(f"{engine}-????????????????.bin"), key=lambda p: p.stat().st_mtime)
    for old in found[:-SPARE]:
        old.unlink(missing_ok=True)
