"""Where the module that a command names is, among the paths of a snapshot."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class Found(msgspec.Struct, frozen=True):
    """A module's file, the folder it is imported from, and the folder whose code is its own.

    The latter is the highest package it is in; for a module in no package the file's folder.
    """

    path: str
    base: str
    package: str


class Modules:
    """Finds modules by the path names alone."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._paths = frozenset(path for path in paths if path.endswith(".py"))

    def find(self, module: str, folder: str, inner: str = "") -> Found | None:
        """The module (dotted, or a file's path) that a command in ``folder`` runs."""
        forms = list(_forms(module))
        for base in _bases(folder, inner):
            for form in forms:
                path = posixpath.normpath(posixpath.join(base, form))
                if path in self._paths:
                    return self._found(path, base)
        return self._anywhere(forms)

    def _anywhere(self, forms: list[str]) -> Found | None:
        """The only file of that name in the repository; a bare name is too little to go by."""
        for form in forms:
            ending = f"/{form}"
            found = [path for path in self._paths if path.endswith(ending)]
            if len(found) == 1 and "/" in form:
                return self._found(found[0], found[0][: -len(ending)])
        return None

    def _found(self, path: str, base: str) -> Found:
        package = posixpath.dirname(path)
        while "/" in package and f"{posixpath.dirname(package)}/__init__.py" in self._paths:
            package = posixpath.dirname(package)
        return Found(path, base, package)


def _forms(module: str) -> Iterator[str]:
    if module.endswith(".py"):
        parts = module.lstrip("/").split("/")
        yield from ("/".join(parts[start:]) for start in range(len(parts)))
        return
    path = module.replace(".", "/")
    yield from (f"{path}.py", f"{path}/__init__.py", f"{path}/__main__.py")


def _bases(folder: str, inner: str) -> Iterator[str]:
    """From the command's folder up to the top, each with its ``src``."""
    while True:
        if inner and not inner.startswith("/"):
            yield posixpath.join(folder, inner)
        yield folder
        yield posixpath.join(folder, "src")
        if not folder:
            return
        folder = posixpath.dirname(folder)
