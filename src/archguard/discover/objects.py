"""Git's objects: what the index or a commit holds, read through one process and only when asked."""

from __future__ import annotations

import os
import posixpath
import threading
import weakref
from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from archguard.discover.process import GitError, git, git_all, start
from archguard.discover.roles import kind_of
from archguard.discover.worktree import show

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

SYMLINK, SUBMODULE = "120000", "160000"
_LINKS = 16


class Entry(msgspec.Struct, frozen=True):
    """One entry of the index or of a tree."""

    mode: str
    oid: str
    size: int = 0


class Tree(msgspec.Struct, frozen=True):
    """The entries of a snapshot, and what was left out of them: path and reason."""

    entries: dict[str, Entry]
    left_out: tuple[tuple[str, str], ...] = ()


def index_tree(top: Path, target: str) -> Tree:
    """The index. Of a path in conflict our side counts, and that is said."""
    rows: list[tuple[bytes, str, str]] = []
    left_out: list[tuple[str, str]] = []
    for meta, name in _lines(git(top, "ls-files", "-z", "-s", *_scope(target))):
        mode, oid, stage = meta.split(" ")
        if stage == "2":
            left_out.append((show(name), "in conflict: our side is read"))
        if stage in {"0", "2"}:
            rows.append((name, mode, oid))
    return _tree(top, rows, left_out)


def commit_tree(top: Path, commit: str, target: str) -> Tree:
    """The tree of a commit."""
    rows: list[tuple[bytes, str, str]] = []
    for meta, name in _lines(git(top, "ls-tree", "-z", "-r", "--full-tree", commit, *_scope(target))):
        mode, _, oid = meta.split(" ")
        rows.append((name, mode, oid))
    return _tree(top, rows, [])


def _lines(out: bytes) -> Iterator[tuple[str, bytes]]:
    for line in out.split(b"\0"):
        meta, _, name = line.partition(b"\t")
        if name:
            yield meta.decode("ascii"), name


def _scope(target: str) -> tuple[str, ...]:
    return ("--", target) if target else ()


def _tree(top: Path, rows: list[tuple[bytes, str, str]], left_out: list[tuple[str, str]]) -> Tree:
    entries: dict[str, Entry] = {}
    for name, mode, oid in rows:
        if mode == SUBMODULE:
            left_out.append((show(name), "a submodule is a repository of its own"))
            continue
        try:
            entries[name.decode("utf-8")] = Entry(mode, oid)
        except UnicodeDecodeError:
            left_out.append((show(name), "its name is not UTF-8"))
    return Tree(_sized(top, entries), tuple(sorted(left_out)))


def _sized(top: Path, entries: dict[str, Entry]) -> dict[str, Entry]:
    """The entries with the sizes of source files; one whose object is missing keeps none."""
    oids = sorted({entry.oid for path, entry in entries.items() if kind_of(path) != "other"})
    if not oids:
        return entries
    query = "".join(f"{oid}\n" for oid in oids).encode("ascii")
    # Its status is not looked at: in a partial clone it fails, and reading then says of which file.
    (answer,) = git_all(top, ("cat-file", "--batch-check=%(objectname) %(objectsize)"), stdin=query)
    pairs = [line.split(" ") for line in answer.out.decode("ascii").splitlines()]
    size = {oid: int(number) for oid, number in pairs if number.isdigit()}
    return {path: replace(entry, size=size.get(entry.oid, 0)) for path, entry in entries.items()}


def follow(entries: dict[str, Entry], path: str, store: Objects) -> Entry:
    """The entry of a file, through links that stay inside; FileNotFoundError else."""
    place = path
    for _ in range(_LINKS):
        entry = entries.get(place)
        if entry is None:
            break
        if entry.mode != SYMLINK:
            return entry
        aim = store.content(entry.oid).decode("utf-8", "surrogateescape")
        place = posixpath.normpath(posixpath.join(posixpath.dirname(place), aim))
    raise FileNotFoundError(2, "no such file in the snapshot", path)


class Objects:
    """The contents of objects by their name, through one ``git cat-file`` that starts at first use."""

    def __init__(self, top: Path) -> None:
        self._top = top
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def content(self, oid: str) -> bytes:
        """An object's bytes; GitError where the repository lacks it."""
        found = self.find(oid)
        if found is None:
            raise GitError(f"object {oid[:12]} is missing (a partial or damaged clone)")
        return found

    def find(self, name: str) -> bytes | None:
        """The bytes of the file that git calls so (an object's hash, ``commit:path``), or None."""
        with self._lock:
            try:
                return self._ask(name)
            except (OSError, ValueError) as error:
                raise GitError(f"git cat-file ended early: {error}") from None

    def _ask(self, name: str) -> bytes | None:
        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"{name}\n".encode())
        process.stdin.flush()
        header = process.stdout.readline().split()
        if len(header) != 3 or not header[2].isdigit():
            return None
        content = process.stdout.read(int(header[2]) + 1)
        return content[:-1] if header[1] == b"blob" else None

    def _running(self) -> subprocess.Popen[bytes]:
        # A forked worker must not share its parent's pipe.
        if self._process is None or self._owner != os.getpid():
            self._process = start(self._top, ("cat-file", "--batch"), piped=True)
            self._owner = os.getpid()
            weakref.finalize(self, _stop, self._process, self._owner)
        return self._process


def _stop(process: subprocess.Popen[bytes], owner: int) -> None:
    if owner != os.getpid():
        return
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe is not None:
            pipe.close()
    process.wait()
