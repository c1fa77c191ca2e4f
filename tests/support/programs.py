"""A linked program from a few files, for tests of everything downstream of link."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import msgspec

from archguard.derive.program import build
from archguard.discover.roles import Roles, kind_of
from archguard.discover.services import find_services
from archguard.extract.files import extract_file
from archguard.knowledge import load
from archguard.model.policy import Policy
from archguard.model.program import Program
from archguard.model.run import Failure
from archguard.model.sources import SourceFile


class MemorySources(msgspec.Struct, frozen=True):
    """The files of a snapshot that is only in memory."""

    content: Mapping[str, bytes]
    files: tuple[SourceFile, ...] = msgspec.field(default=())
    label: str = "memory"

    @property
    def paths(self) -> tuple[str, ...]:
        """All path names."""
        return tuple(sorted(self.content))

    @property
    def notes(self) -> tuple[Failure, ...]:
        """Nothing is ever left out."""
        return ()

    def read(self, path: str) -> bytes:
        """The bytes of one file."""
        try:
            return self.content[path]
        except KeyError:
            raise FileNotFoundError(path) from None


def sources_of(files: Mapping[str, str] | Path) -> MemorySources:
    """A snapshot of files given as path and text, or of a folder taken as the repository's top."""
    content = _read(files) if isinstance(files, Path) else {p: t.encode() for p, t in files.items()}
    roles = Roles(content)
    return MemorySources(content, tuple(_source_file(roles, path, content[path]) for path in sorted(content)))


def program_of(files: Mapping[str, str] | Path, policy: Policy | None = None) -> Program:
    """The program that those files are."""
    sources = sources_of(files)
    facts = {f.path: extract_file(f.kind, sources.read(f.path)) for f in sources.files if f.kind != "other"}
    policy = policy or Policy(knowledge=load())
    return build(facts, sources.files, find_services(sources), policy, tuple(sources.content))


def _read(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def _source_file(roles: Roles, path: str, content: bytes) -> SourceFile:
    digest = hashlib.sha256(content).hexdigest()
    return SourceFile(path, kind_of(path), roles.of(path, content), digest, len(content))
