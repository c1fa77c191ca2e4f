"""The baseline: the findings that are accepted, in a file without line numbers or dates.

Equal findings give equal bytes, so the file changes in a commit only when what it accepts changes.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

import msgspec

from archguard.model.run import Settled, Triaged
from archguard.model.sources import Sources
from archguard.triage.compare import illustrated_again, judge, match
from archguard.triage.identity import Identity
from archguard.triage.renaming import Renaming
from archguard.triage.settle import in_order

VERSION = 1


class BaselineError(ValueError):
    """The file is no baseline that this version reads; the message is one line for people."""


class Entry(msgspec.Struct, frozen=True, order=True, omit_defaults=True):
    """One accepted finding, with the members that it had."""

    rule: str
    key: str
    service: str = ""
    members: tuple[str, ...] = ()

    @property
    def identity(self) -> Identity:
        """What makes the finding this finding."""
        return Identity(self.service, self.rule, self.key)


class _Document(msgspec.Struct, frozen=True):
    version: int
    findings: tuple[Entry, ...]


class Applied(msgspec.Struct, frozen=True):
    """Findings with their novelty against the baseline, and entries that accept nothing any more."""

    findings: tuple[Triaged, ...]
    stale: tuple[Entry, ...] = ()


def entries_of(triaged: Iterable[Triaged]) -> tuple[Entry, ...]:
    """What a baseline of these findings holds, sorted."""
    return tuple(
        sorted(
            Entry(t.finding.rule, t.finding.key, t.service, tuple(sorted(m.key for m in t.finding.members)))
            for t in triaged
        )
    )


def encode(entries: Iterable[Entry]) -> bytes:
    """The file's bytes."""
    document = _Document(VERSION, tuple(sorted(entries)))
    return msgspec.json.format(msgspec.json.encode(document), indent=1) + b"\n"


def decode(content: bytes) -> tuple[Entry, ...]:
    """The entries of a file; BaselineError where it is none."""
    try:
        document = msgspec.json.decode(content, type=_Document)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BaselineError(f"not a baseline: {error}") from None
    if document.version != VERSION:
        raise BaselineError(f"a baseline of version {document.version}; this archguard reads {VERSION}")
    return tuple(sorted(document.findings))


def read(path: Path) -> tuple[Entry, ...]:
    """The entries of a file on disk; FileNotFoundError where there is none."""
    return decode(path.read_bytes())


def write(path: Path, entries: Iterable[Entry]) -> None:
    """Write the file whole or not at all."""
    descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(encode(entries))
        os.chmod(temporary, _mode(path))
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise


def _mode(path: Path) -> int:
    """That of the file that is replaced; mkstemp's own would hide it from the team."""
    try:
        return path.stat().st_mode & 0o777
    except OSError:
        return 0o644


def apply(
    settled: Settled,
    entries: Iterable[Entry],
    renames: Mapping[str, str] | None = None,
    sources: Sources | None = None,
) -> Applied:
    """Say of each finding whether the baseline accepts it, and which entries are stale.

    An entry is stale when nothing of its identity is found, be it shown or suppressed.
    """
    entries = tuple(entries)
    renaming = Renaming(renames or {})
    here = {
        Identity(t.service, t.finding.rule, t.finding.key) for t in (*settled.findings, *settled.suppressed)
    }
    index = match(here, {entry.identity: frozenset(entry.members) for entry in entries}, renaming)
    used = set(index.matched.values())
    judged = [judge(item, index, renaming) for item in settled.findings]
    shown = illustrated_again(judged, settled.findings, sources)
    return Applied(in_order(shown), tuple(sorted(e for e in entries if e.identity not in used)))
