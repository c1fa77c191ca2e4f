"""Where source is read from: a snapshot of the repository behind one small interface."""

from __future__ import annotations

from typing import Literal, Protocol

import msgspec

FileKind = Literal["python", "sql", "env", "config", "script", "other"]
"""``env`` are environment files, ``config`` other files of names and values (YAML, INI, Dockerfiles),
``script`` those in which values are quoted (JSON, TOML, JavaScript, Terraform)."""

Role = Literal["source", "test", "example", "script", "generated", "vendored", "migration"]


class SourceFile(msgspec.Struct, frozen=True, gc=False, order=True):
    """A file of a snapshot; ``digest`` identifies its content (hexadecimal), whatever its path.

    ``tracked``: git keeps it in this snapshot, so that it goes to whoever clones the repository.
    """

    path: str
    kind: FileKind
    role: Role
    digest: str
    size: int
    tracked: bool = True


class Sources(Protocol):
    """The content of one snapshot: the worktree, the git index or a commit."""

    @property
    def files(self) -> tuple[SourceFile, ...]:
        """The files to be read, sorted by path."""

    @property
    def label(self) -> str:
        """What the snapshot is, for messages: ``worktree``, ``index`` or a commit's hash."""

    def read(self, path: str) -> bytes:
        """The bytes of a file of the snapshot, also of one that is not in `files`.

        Raises FileNotFoundError where the snapshot has no such file.
        """
