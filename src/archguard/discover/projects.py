"""The Python projects of a repository: their folders, names and commands."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from archguard.discover.deployment import Command
from archguard.model.run import Failure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archguard.discover.snapshots import Snapshot

_MARKERS = frozenset(("pyproject.toml", "setup.py", "setup.cfg", "Pipfile", "Dockerfile", "requirements.txt"))


class Projects:
    """Every folder that holds a project's files."""

    def __init__(self, sources: Snapshot, notes: list[Failure]) -> None:
        self._folders = {posixpath.dirname(path) for path in sources.paths if _is_marker(path)}
        self._names: dict[str, str] = {}
        self._commands: list[tuple[str, str, str]] = []
        self.scripts: dict[str, str] = {}
        for path in sources.paths:
            if path == "pyproject.toml" or path.endswith("/pyproject.toml"):
                self._read(path, content_of(sources, path), notes)

    def _read(self, path: str, content: bytes, notes: list[Failure]) -> None:
        import tomllib

        try:
            values = tomllib.loads(content.decode("utf-8"))
        except (ValueError, RecursionError):
            notes.append(Failure("path", path, "not valid TOML", fatal=False))
            return
        folder = posixpath.dirname(path)
        poetry = _table(values, "tool", "poetry")
        name = _table(values, "project").get("name", poetry.get("name"))
        if isinstance(name, str) and name:
            self._names[folder] = name
        scripts = {**_table(poetry, "scripts"), **_table(values, "project", "scripts")}
        for command, target in sorted(scripts.items()):
            if isinstance(target, str) and ":" in target:
                self.scripts.setdefault(command, target)
                self._commands.append((folder, command, target))

    def name(self, folder: str) -> str:
        """The name of the project in a folder; empty where it says none."""
        return self._names.get(folder, "")

    def first_name(self) -> str:
        """The name of the project nearest to the top; empty where none has one."""
        nearest = min(self._names, key=lambda folder: (folder.count("/") + bool(folder), folder), default="")
        return self._names.get(nearest, "")

    def root_of(self, folder: str) -> str:
        """The nearest project folder at or above a folder; the top where there is none."""
        while folder and folder not in self._folders:
            folder = posixpath.dirname(folder)
        return folder

    def commands(self) -> Iterator[Command]:
        """The commands that installing a project gives."""
        for folder, command, _ in self._commands:
            yield Command("pyproject.toml", folder, command)


def content_of(sources: Snapshot, path: str) -> bytes:
    """A file's content; nothing where it is gone, a link out of the tree or far too large."""
    try:
        return sources.read(path)
    except FileNotFoundError:
        return b""


def _is_marker(path: str) -> bool:
    return path.rpartition("/")[2] in _MARKERS


def _table(values: dict[str, object], *names: str) -> dict[str, object]:
    for name in names:
        inner = values.get(name)
        values = inner if isinstance(inner, dict) else {}
    return values
