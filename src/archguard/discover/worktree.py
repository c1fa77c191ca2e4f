"""The worktree as a snapshot: what git tracks or would, or every file where git has no say."""

from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from archguard.discover.process import GitError, git, git_dir

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

SIZE_LIMIT = 8_000_000
"""Bytes above which a source file is not read (a dump, not code)."""

_NEVER = (
    ".venv",
    "venv",
    "node_modules",
    "__pycache__",
    "site-packages",
    ".tox",
    ".nox",
    ".eggs",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
    ".hypothesis",
)
"""Folders that are nobody's source, left out also where no ``.gitignore`` says so."""

_UNTRACKED_TREE = frozenset(
    (*_NEVER, ".git", ".hg", ".svn", "build", "dist", "env", ".env", ".idea", ".vscode")
)

_SYMLINK, _SUBMODULE = b"120000", b"160000"


class Listing(msgspec.Struct, frozen=True):
    """The path names of a worktree, and what was left out of them: path and reason.

    ``untracked`` are those that git does not keep, or not yet.
    """

    paths: tuple[str, ...]
    left_out: tuple[tuple[str, str], ...] = ()
    untracked: frozenset[str] = frozenset()


def list_worktree(top: Path, target: str) -> Listing:
    """The files below ``target``, relative to ``top``."""
    if git_dir(top) is None:
        return walk(top, target)
    try:
        return _by_git(top, target)
    except GitError as error:
        found = walk(top, target)
        left_out = (("", f"read without git, ignored files too: {error}"), *found.left_out)
        return Listing(found.paths, left_out, found.untracked)


def _by_git(top: Path, target: str) -> Listing:
    excludes = [f"--exclude={name}/" for name in _NEVER]
    scope = ("--", target) if target else ()
    kinds = ("--cached", "--deleted", "--others", "--exclude-standard")
    out = git(top, "ls-files", "-z", "-t", "-s", *kinds, *excludes, *scope)
    names: set[bytes] = set()
    others: set[str] = set()
    left_out: list[tuple[str, str]] = []
    deleted: set[bytes] = set()
    for entry in out.split(b"\0"):
        tag, _, rest = entry.partition(b" ")
        mode, name = (b"", rest) if tag == b"?" else (rest[:6], rest.partition(b"\t")[2])
        if tag == b"R":
            deleted.add(name)
        elif mode == _SUBMODULE:
            left_out.append((show(name), "a submodule is a repository of its own"))
        elif tag == b"?" and name.endswith(b"/"):
            left_out.append((show(name[:-1]), "a nested repository is not part of this one"))
        elif name and mode != _SYMLINK:
            names.add(name)
            if tag == b"?":
                others.add(show(name))
    return replace(listing(names - deleted, left_out), untracked=frozenset(others))


def listing(names: Iterable[bytes], left_out: Iterable[tuple[str, str]]) -> Listing:
    """Sorted names; one that is not UTF-8 cannot be written in any output and is left out."""
    paths: list[str] = []
    odd: list[tuple[str, str]] = []
    for name in names:
        try:
            paths.append(name.decode("utf-8"))
        except UnicodeDecodeError:
            odd.append((show(name), "its name is not UTF-8"))
    inside = _virtual_environments(paths)
    kept = [path for path in paths if not path.startswith(inside)] if inside else paths
    return Listing(tuple(sorted(kept)), tuple(sorted((*left_out, *odd))))


def _virtual_environments(paths: Iterable[str]) -> tuple[str, ...]:
    return tuple(path.removesuffix("pyvenv.cfg") for path in paths if path.endswith("/pyvenv.cfg"))


def show(name: bytes) -> str:
    """A name of any bytes as printable text."""
    return name.decode("utf-8", "backslashreplace")


# --- without git ----------------------------------------------------------------------------------


def walk(top: Path, target: str) -> Listing:
    """Every regular file below ``target`` except in folders that are nobody's source; no links."""
    root = os.path.join(os.fsencode(top), os.fsencode(target))
    left_out: list[tuple[str, str]] = []
    start = len(os.fsencode(top).rstrip(b"/")) + 1
    if not os.path.isdir(root):
        found = listing([os.fsencode(target)] if os.path.isfile(root) else [], ())
        return replace(found, untracked=frozenset(found.paths))
    found = listing((path[start:] for path in _files(root.rstrip(b"/"), start, left_out)), left_out)
    return replace(found, untracked=frozenset(found.paths))


def _files(folder: bytes, start: int, left_out: list[tuple[str, str]]) -> Iterator[bytes]:
    pending = [folder]
    while pending:
        current = pending.pop()
        try:
            entries = list(os.scandir(current))
        except OSError as error:
            left_out.append((show(current[start:]), f"the folder cannot be read: {error.strerror}"))
            continue
        if current != folder and any(entry.name == b"pyvenv.cfg" for entry in entries):
            continue
        for entry in entries:
            if entry.is_file(follow_symlinks=False):
                yield entry.path
            elif entry.is_dir(follow_symlinks=False) and os.fsdecode(entry.name) not in _UNTRACKED_TREE:
                pending.append(entry.path)


# --- reading --------------------------------------------------------------------------------------


class Reader:
    """Reads files of one folder tree and never anything outside it."""

    def __init__(self, top: Path) -> None:
        self._top = os.path.realpath(top)
        self._folders: dict[str, bool] = {}

    def source(self, path: str) -> bytes:
        """A listed file's content: through no link at all. Raises OSError."""
        folder = path.rpartition("/")[0]
        real = self._folders.get(folder)
        if real is None:
            place = os.path.join(self._top, folder).rstrip("/")
            real = self._folders[folder] = os.path.realpath(place) == (place or "/")
        if not real:
            raise OSError(errno.ELOOP, "behind a link")
        return _content(os.path.join(self._top, path), SIZE_LIMIT, os.O_NOFOLLOW)

    def any(self, path: str) -> bytes:
        """The content of any file inside, links inside followed; FileNotFoundError else."""
        try:
            real = os.path.realpath(os.path.join(self._top, path), strict=True)
            if os.path.commonpath((real, self._top)) == self._top and not path.startswith("/"):
                return _content(real, 8 * SIZE_LIMIT, 0)
        except (OSError, ValueError):
            pass
        raise FileNotFoundError(errno.ENOENT, "no such file in the worktree", path)


def _content(place: str, limit: int, flags: int) -> bytes:
    """A regular file's bytes; a pipe or device is refused without waiting for it."""
    handle = os.open(place, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | flags)
    try:
        state = os.fstat(handle)
        if not stat.S_ISREG(state.st_mode):
            raise OSError(errno.EINVAL, "not a regular file")
        if state.st_size > limit:
            raise OSError(errno.EFBIG, f"larger than {limit // 1_000_000} MB")
        return _all(handle, state.st_size)
    finally:
        os.close(handle)


def _all(handle: int, size: int) -> bytes:
    first = os.read(handle, size + 1)
    if len(first) == size:
        return first  # the usual case, without a further system call
    parts = [first]
    while parts[-1]:
        parts.append(os.read(handle, 65536))
    return b"".join(parts)
