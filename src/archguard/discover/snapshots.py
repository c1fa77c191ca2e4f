"""The snapshots that can be reviewed: the worktree, git's index and any commit, each as `Sources`."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Protocol

from msgspec.structs import replace

from archguard.config.globs import Globs
from archguard.discover.git import INDEX, WORKTREE, blob_id, resolve
from archguard.discover.objects import SYMLINK, Objects, Tree, commit_tree, follow, index_tree
from archguard.discover.roles import Roles, kind_of
from archguard.discover.worktree import SIZE_LIMIT, Reader, list_worktree, walk
from archguard.model.run import Failure
from archguard.model.sources import FileKind, SourceFile, Sources

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from archguard.config.settings import Settings

LeftOut = list[tuple[str, str]]
"""Paths that are not read, and why."""


class Snapshot(Sources, Protocol):
    """What a snapshot holds besides its source files."""

    @property
    def paths(self) -> tuple[str, ...]:
        """All path names below the target, sorted, also of files that no extractor reads."""

    @property
    def notes(self) -> tuple[Failure, ...]:
        """What was left out, and why."""


def open_worktree(top: Path, target: str, settings: Settings, named: Sequence[str] = ()) -> Worktree:
    """The files on disk below ``target``: those git tracks or would, and those named explicitly."""
    found = list_worktree(top, target)
    unlisted = sorted(set(named).difference(found.paths))
    extra = [walk(top, path) for path in unlisted if not _holds(found.paths, path)]
    paths = tuple(sorted({*found.paths, *(path for listed in extra for path in listed.paths)}))
    left_out = [*found.left_out, *(item for listed in extra for item in listed.left_out)]
    reader, contents = Reader(top), dict[str, bytes]()
    for path, _ in _wanted(paths, settings):
        try:
            contents[path] = reader.source(path)
        except FileNotFoundError:
            continue  # deleted, and git has not been told
        except OSError as error:
            left_out.append((path, error.strerror or str(error)))
    untracked = found.untracked.union(*(listed.untracked for listed in extra))
    return Worktree(reader, contents, paths, _files_on_disk(paths, contents, target, untracked), left_out)


def open_index(top: Path, target: str, settings: Settings) -> Stored:
    """What is staged; inside a hook that is the index the hook was given."""
    return _stored(top, INDEX, partial(index_tree, top), target, settings)


def open_commit(top: Path, ref: str, target: str, settings: Settings) -> Stored:
    """The files of a commit, read from git's objects."""
    commit = resolve(top, ref)
    return _stored(top, commit, partial(commit_tree, top, commit), target, settings)


def reader_of(top: Path, snapshot: str) -> Callable[[str], bytes]:
    """Reads single files of a snapshot (``worktree``, ``index`` or a commit) that need not be listed.

    That is how the configuration is found, on which the listing depends.
    """
    if snapshot == WORKTREE:
        return Reader(top).any
    return partial(_named_object, Objects(top), "" if snapshot == INDEX else resolve(top, snapshot))


def _named_object(objects: Objects, commit: str, path: str) -> bytes:
    if path.startswith("/") or ".." in path.split("/") or not path.isprintable():
        raise FileNotFoundError(2, "no such file in the snapshot", path)
    content = objects.find(f"{commit}:{path}")
    if content is None:
        raise FileNotFoundError(2, "no such file in the snapshot", path)
    return content


def _holds(paths: Sequence[str], path: str) -> bool:
    """Whether a folder is among the paths' folders, so that it is not ignored."""
    return path in {"", "."} or any(known.startswith(f"{path}/") for known in paths)


def _wanted(paths: Iterable[str], settings: Settings) -> Iterator[tuple[str, FileKind]]:
    """The paths that an extractor reads and the configuration does not exclude."""
    excluded = Globs(settings.exclude)
    for path in paths:
        kind = kind_of(path)
        if kind != "other" and not excluded.match(path):
            yield path, kind


def _roles(paths: Sequence[str], target: str) -> Roles:
    """Only what is below the target tells a role; above a target that is a file, its folder."""
    return Roles(paths, target if kind_of(target) == "other" else target.rpartition("/")[0])


def _notes(left_out: Sequence[tuple[str, str]]) -> tuple[Failure, ...]:
    return tuple(Failure("path", path, reason, fatal=False) for path, reason in sorted(left_out))


# --- on disk --------------------------------------------------------------------------------------


class Worktree:
    """The worktree at one moment: every source file is read once, so that nothing shifts under a run."""

    label = WORKTREE

    def __init__(
        self,
        reader: Reader,
        contents: dict[str, bytes],
        paths: tuple[str, ...],
        files: tuple[SourceFile, ...],
        left_out: LeftOut,
    ) -> None:
        self._reader = reader
        self._contents = contents
        self.paths = paths
        self.files = files
        self.notes = _notes(left_out)

    def read(self, path: str) -> bytes:
        """The bytes of a file inside the top level."""
        held = self._contents.get(path)
        return self._reader.any(path) if held is None else held


def _files_on_disk(
    paths: Sequence[str], contents: dict[str, bytes], target: str, untracked: frozenset[str]
) -> tuple[SourceFile, ...]:
    roles = _roles(paths, target)
    return tuple(
        SourceFile(
            path,
            kind_of(path),
            roles.of(path, content),
            blob_id(content),
            len(content),
            path not in untracked,
        )
        for path, content in contents.items()
    )


# --- in git ---------------------------------------------------------------------------------------


class Stored:
    """The index or a commit: names at once, contents when they are asked for."""

    def __init__(
        self,
        label: str,
        objects: Objects,
        tree: Tree,
        files: tuple[SourceFile, ...],
        whole: Callable[[], Tree] | None,
    ) -> None:
        self._objects = objects
        self._entries = tree.entries
        self._whole = whole
        self.label = label
        self.paths = _paths(tree)
        self.files = files
        self.notes = _notes(tree.left_out)

    def read(self, path: str) -> bytes:
        """The bytes of a file of the snapshot, also outside the target."""
        try:
            return self._objects.content(follow(self._entries, path, self._objects).oid)
        except FileNotFoundError:
            if self._whole is None:
                raise
            self._entries, self._whole = self._whole().entries, None
            return self.read(path)


def _stored(
    top: Path, label: str, tree_below: Callable[[str], Tree], target: str, settings: Settings
) -> Stored:
    objects, tree = Objects(top), tree_below(target)
    left_out = list(tree.left_out)
    files = tuple(_files_in_git(tree, target, settings, objects, left_out))
    whole = partial(tree_below, "") if target else None
    return Stored(label, objects, replace(tree, left_out=tuple(left_out)), files, whole)


def _paths(tree: Tree) -> tuple[str, ...]:
    return tuple(sorted(path for path, entry in tree.entries.items() if entry.mode != SYMLINK))


def _files_in_git(
    tree: Tree, target: str, settings: Settings, objects: Objects, left_out: LeftOut
) -> Iterator[SourceFile]:
    paths = _paths(tree)
    roles = _roles(paths, target)
    for path, kind in _wanted(paths, settings):
        entry = tree.entries[path]
        if entry.size > SIZE_LIMIT:
            left_out.append((path, f"larger than {SIZE_LIMIT // 1_000_000} MB"))
            continue
        content = objects.content(entry.oid) if roles.ambiguous(path) else None
        yield SourceFile(path, kind, roles.of(path, content), entry.oid, entry.size)
