"""Which module a file is, and which file an import means."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from archguard.model.facts import FileFacts, Import, PythonFacts
from archguard.model.program import Module
from archguard.model.sources import SourceFile

_SOURCE_FOLDERS = ("src", "lib", "python")
"""Folders that people put on the path beside the project's own top."""


class ModuleTable:
    """All modules of the repository, found by the dotted name that an importer writes.

    An absolute name is matched against the end of every file's path; what is left of the path is the
    folder that would have to be on ``sys.path``. That folder may not itself be a package, and of
    several the one nearest above the importer wins: so two services in one repository each get their
    own ``app.main``. Standard library names are never the project's.

    ``src`` are folders that the project says are on ``sys.path``: modules in them are named from there,
    whatever ``__init__`` files say, and everybody can import them.
    """

    def __init__(
        self, files: Iterable[SourceFile], facts: Mapping[str, FileFacts], src: Iterable[str] = ()
    ) -> None:
        self._src = frozenset(src)
        python = [file for file in files if isinstance(facts.get(file.path), PythonFacts)]
        self._packages = {_folder(file.path) for file in python if file.path.endswith("__init__.py")}
        self._files = {file.path for file in python}
        self._folders: set[str] = set()
        for file in python:
            folder = _folder(file.path)
            while folder and folder not in self._folders:
                self._folders.add(folder)
                folder = _folder(folder)
        self._packages -= self._path_folders(facts[file.path] for file in python)
        self._packages -= self._src
        self.modules: dict[str, Module] = {}
        self.by_path: dict[str, Module] = {}
        self._by_suffix: dict[str, list[tuple[str, Module]]] = defaultdict(list)
        self._resolved: dict[tuple[str, str], Module | None] = {}
        for file in sorted(python):
            found = facts[file.path]
            if isinstance(found, PythonFacts):
                self._add(file, found)

    def _add(self, file: SourceFile, facts: PythonFacts) -> None:
        parts = _dotted_parts(file.path)
        root = self._root(parts[:-1])
        own = ".".join(parts[root:]) or parts[-1]
        hidden = self._is_hidden(file.path)
        named = () if hidden else (own, ".".join(parts))
        only = f"./{file.path}"  # no dotted name has a slash
        name = next((name for name in named if name not in self.modules), only)
        package = file.path.endswith("__init__.py")
        role = "generated" if facts.generated and file.role == "source" else file.role
        module = Module(name, file.path, role, facts, package)
        self.modules[name] = module
        self.by_path[file.path] = module
        if hidden:
            return
        for start in range(len(parts)):
            self._by_suffix[".".join(parts[start:])].append(("/".join(parts[:start]), module))

    def _is_hidden(self, path: str) -> bool:
        """Whether a package of the same name stands beside a file: no import gets to the file."""
        return f"{path.removesuffix('.py')}/__init__.py" in self._files

    def _root(self, folders: tuple[str, ...]) -> int:
        """How many leading folders are not part of the module's name."""
        for depth in range(len(folders), 0, -1):
            if "/".join(folders[:depth]) in self._src:
                return depth
        for depth in range(1, len(folders) + 1):
            if "/".join(folders[:depth]) in self._packages:
                return depth - 1
        for depth in range(len(folders), 0, -1):
            if folders[depth - 1] in _SOURCE_FOLDERS:
                return depth
        return 0

    def resolve(self, importer: Module, name: str) -> Module | None:
        """The module that ``import name`` in ``importer`` means, or None if it is not the project's."""
        folder = _folder(importer.path)
        key = (folder, name)
        if key not in self._resolved:
            self._resolved[key] = self._find(folder, name)
        return self._resolved[key]

    def _find(self, folder: str, name: str) -> Module | None:
        if name.partition(".")[0] in sys.stdlib_module_names:
            return None
        best: tuple[tuple[int, int], Module] | None = None
        for root, module in self._by_suffix.get(name, ()):
            if root in self._packages:
                continue
            above = not root or folder == root or folder.startswith(root + "/")
            if above and self._is_ambiguous(root, name):
                return None
            if not above and not self._importable(root, name):
                continue
            rank = (1 if above else 0, len(root) if above else -len(root))
            if best is None or rank > best[0]:
                best = (rank, module)
        return best[1] if best else None

    def _is_ambiguous(self, root: str, name: str) -> bool:
        """Whether a higher folder has a folder of that name too.

        ``import common`` beside ``common.py`` means that file only where it is run as a script.
        """
        if f"{root}/{name}.py" not in self._files:
            return False
        while root:
            root = _folder(root)
            if (f"{root}/{name}" if root else name) in self._folders:
                return True
        return False

    def _importable(self, root: str, name: str) -> bool:
        """Whether a folder that is not above the importer is likely on the path: it holds the package."""
        package = f"{root}/{name.partition('.')[0]}"
        return root in self._src or (
            package in self._packages and (PurePosixPath(root).name in _SOURCE_FOLDERS or root.count("/") < 2)
        )

    def _path_folders(self, facts: Iterable[FileFacts]) -> set[str]:
        """Folders with an ``__init__`` that are on the path all the same: ``apps/`` of a Django project.

        Nobody imports such a folder by its name, and what lies in it is imported without it.
        """
        imported = {
            item.module.partition(".")[0]
            for each in facts
            if isinstance(each, PythonFacts)
            for item in each.imports
            if not item.level
        }
        found = set()
        for folder in self._packages:
            parent, _, name = folder.rpartition("/")
            if parent not in self._packages and name not in imported:
                inside = [p for p in self._packages if _folder(p) == folder]
                if sum(p.rpartition("/")[2] in imported for p in inside) > 1:
                    found.add(folder)
        return found

    def target(self, importer: Module, item: Import) -> tuple[Module | None, str]:
        """The module named by ``import`` or ``from``, and its absolute dotted name."""
        if not item.level:
            return self.resolve(importer, item.module), item.module
        parts = _dotted_parts(importer.path)
        keep = len(parts) - item.level + (1 if importer.package else 0)
        if keep < 0:
            return None, item.module
        path = "/".join((*parts[:keep], *(item.module.split(".") if item.module else ())))
        module = self.by_path.get(f"{path}/__init__.py") or self.by_path.get(f"{path}.py")
        return module, module.name if module else path.replace("/", ".")

    def submodule(self, package: Module, name: str) -> Module | None:
        """``package.name`` where that is a module of its own."""
        folder = _folder(package.path) if package.package else ""
        if not package.package:
            return None
        return self.by_path.get(f"{folder}/{name}.py") or self.by_path.get(f"{folder}/{name}/__init__.py")

    def package_of(self, importer: Module, item: Import) -> Module | None:
        """The package that would hold an imported module, where it is one of the project's."""
        if item.level:
            parts = _dotted_parts(importer.path)
            keep = len(parts) - item.level + (1 if importer.package else 0)
            inner = item.module.split(".")[:-1] if item.module else ()
            return self.by_path.get("/".join((*parts[: max(keep, 0)], *inner, "__init__.py")))
        head = item.module.rpartition(".")[0]
        return self.resolve(importer, head) if head else None

    def layout(self) -> tuple[object, ...]:
        """All that the modules' names, and what imports mean, hang on."""
        modules = [(m.name, m.path, m.role, m.package) for m in self.modules.values()]
        return modules, sorted(self._packages), sorted(self._src)

    def is_folder(self, path: str) -> bool:
        """Whether a folder of that path holds modules."""
        return path in self._folders


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _dotted_parts(path: str) -> tuple[str, ...]:
    parts = tuple(path.removesuffix(".py").split("/"))
    return parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts
