"""Outcomes kept between runs, each under a digest of everything it was made of; and resolved calls.

A hook compares with a commit that has not changed since the last hook; a second scan of the same
files has nothing to find out. Like the facts' cache this one is never trusted: what cannot be read is
made again, and a folder that cannot be written only means that nothing is kept.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import msgspec

from archguard import __version__
from archguard.model.run import Outcome

KEEP = 12
"""Outcomes in one folder; the least recently used go first."""

KEEP_CALLS = 4
"""The same for calls: one file for each target and configuration."""

_SEAL = 16


def digest_of(parts: Iterable[object]) -> str:
    """One digest of all that an outcome depends on; the parts are told apart by their representation."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(repr(part).encode("utf-8", "backslashreplace"))
        digest.update(b"\0")
    return digest.hexdigest()[:32]


def maker() -> tuple[object, ...]:
    """This program: its code and tables, which in a checkout change between runs, and what runs it."""
    package = Path(__file__).parent.parent
    own = (path for path in package.rglob("*") if path.suffix in {".py", ".json"})
    return __version__, sys.version_info[:2], max(os.stat(path).st_mtime_ns for path in own)


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
        _replace(_path(folder, digest), msgspec.msgpack.encode(outcome))
        _prune(folder, "outcome", KEEP)


class ResolvedCalls:
    """The calls of one target as they were resolved last (see `archguard.link.earlier`).

    One file under a digest of what they depend on besides the sources; written whole and replaced whole,
    with a digest of its own, so that what is cut short or altered is as if it were not there.
    """

    def __init__(self, folder: Path, digest: str) -> None:
        self._path = folder / f"calls-{digest}.bin"

    def recall(self) -> bytes | None:
        """What was kept last, if it is whole."""
        try:
            content = self._path.read_bytes()
        except OSError:
            return None
        seal, content = content[:_SEAL], content[_SEAL:]
        return content if seal == _sealed(content) else None

    def keep(self, content: bytes) -> None:
        """Keeps this instead; a folder that cannot be written keeps nothing."""
        with suppress(OSError):
            _replace(self._path, _sealed(content) + content)
            _prune(self._path.parent, "calls", KEEP_CALLS)


def _sealed(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=_SEAL).digest()


def _replace(path: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f"{path.stem[:8]}-", suffix=".part")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    os.replace(name, path)


def _path(folder: Path, digest: str) -> Path:
    return folder / f"outcome-{digest}.bin"


def _prune(folder: Path, kind: str, most: int) -> None:
    kept = sorted(folder.glob(f"{kind}-*.bin"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in kept[most:]:
        path.unlink(missing_ok=True)
