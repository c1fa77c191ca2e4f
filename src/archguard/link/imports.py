"""Which project module imports which, when, and what is not there."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Literal, NamedTuple

from archguard.link.modules import ModuleTable
from archguard.link.types import Resolver
from archguard.model.facts import Attr, Call, Expr, Import, Name, Op, Result, Scope
from archguard.model.program import Module, ModuleImport

_COMPILED = (".pyi", ".so", ".pyd", ".pyx", ".abi3.so")
_LOOKS = {"exists", "isfile", "is_file", "find_spec", "find_loader"}
_DYNAMIC = {"globals", "exec", "eval", "vars", "setattr", "locals"}


class _Target(NamedTuple):
    module: Module
    name: str | None
    missing: Literal["", "name", "module"]


def module_imports(
    table: ModuleTable, resolver: Resolver, paths: Collection[str] = ()
) -> tuple[ModuleImport, ...]:
    """Every import between modules of the project, in the order of modules and lines.

    ``paths`` are all files of the snapshot, so that a compiled or stub module counts as being there.
    """
    finder = _Finder(table, resolver, frozenset(paths))
    return tuple(
        found
        for module in table.modules.values()
        for item in module.facts.imports
        for found in finder.imports(module, item)
    )


class _Finder:
    def __init__(self, table: ModuleTable, resolver: Resolver, paths: frozenset[str]) -> None:
        self._table = table
        self._types = resolver
        self._others = {path.partition(".")[0] for path in paths if path.endswith(_COMPILED)}
        self._open: dict[Module, bool] = {}

    def imports(self, module: Module, item: Import) -> Iterator[ModuleImport]:
        """What one import statement's name leads to."""
        found = self._target(module, item)
        if found is not None and found.module is not module:
            deferred = any(
                module.facts.scopes[index].kind in {"function", "lambda"}
                for index in _enclosing(module, item.scope)
            )
            yield ModuleImport(
                module,
                found.module,
                item.place,
                found.name,
                deferred,
                item.typing_only,
                item.guarded or (bool(found.missing) and _is_asked_for(module, item)),
                found.missing,
            )

    def _target(self, module: Module, item: Import) -> _Target | None:
        target, path = self._table.target(module, item)
        if target is None:
            return self._absent(module, item, path)
        name = item.name
        if name is None or name == "*":
            return _Target(target, name, "")
        if name in self._types.bindings.of(self._types.scopes[target][0]):
            return _Target(target, name, "")
        inner = self._table.submodule(target, name)
        if inner is not None:
            return _Target(inner, None, "")
        return _Target(target, name, "" if self._may_bind(target, name) else "name")

    def _absent(self, module: Module, item: Import, path: str) -> _Target | None:
        """An import whose module is no file: a namespace package's content, or nothing at all."""
        if item.name is not None and not item.level:
            inner = self._table.resolve(module, f"{path}.{item.name}")
            if inner is not None:
                return _Target(inner, None, "")
        package = self._table.package_of(module, item)
        if package is None or not package.package or self._is_elsewhere(package, path):
            return None
        last = path.rpartition(".")[2]
        return _Target(package, last, "" if self._may_bind(package, last) else "module")

    def _is_elsewhere(self, package: Module, path: str) -> bool:
        """Whether a folder, a compiled module or a stub of that name lies beside the package's files."""
        folder = package.path.rpartition("/")[0]
        place = f"{folder}/{path.rpartition('.')[2]}"
        return place in self._others or self._table.is_folder(place)

    def _may_bind(self, module: Module, name: str) -> bool:
        """Whether a module may have a name that its facts do not show."""
        if module not in self._open:
            self._open[module] = self._is_open(module)
        path = f"{module.path.rpartition('/')[0]}/{name}"
        return (
            self._open[module]
            or (name.startswith("__") and name.endswith("__"))
            or path in self._others
            or self._table.is_folder(path)
            or _is_generated(name)
            or self._starred(module, name)
        )

    def _is_open(self, module: Module) -> bool:
        facts = module.facts
        if facts.problem is not None or module.role in {"generated", "vendored"}:
            return True
        body = self._types.scopes[module][0]
        if self._types.bindings.of(body).keys() & {"__getattr__", "__path__"}:
            return True
        return any(
            isinstance(event, Call) and isinstance(event.function, Name) and event.function.id in _DYNAMIC
            for event in body.scope.events
        )

    def _starred(self, module: Module, name: str, depth: int = 8) -> bool:
        """Whether a star import may bring the name."""
        for item in self._types.bindings.stars(module):
            target, _ = self._table.target(module, item)
            if target is None or depth == 0 or target.facts.problem is not None:
                return True
            bound = self._types.bindings.of(self._types.scopes[target][0])
            if name in bound or self._is_open(target) or self._starred(target, name, depth - 1):
                return True
            if self._table.submodule(target, name) is not None:
                return True
        return False


def _is_asked_for(module: Module, item: Import) -> bool:
    """Whether an import stands under a test of whether the module is there."""
    scope = module.facts.scopes[item.scope]
    region = item.region
    while region > 0:
        each = scope.regions[region]
        if each.kind == "if" and each.subject is not None and _asks_for_a_file(scope, each.subject):
            return True
        region = each.parent
    return False


def _asks_for_a_file(scope: Scope, test: Expr) -> bool:
    if isinstance(test, Op):
        return any(_asks_for_a_file(scope, each) for each in test.operands)
    call = scope.events[test.event] if isinstance(test, Result) else None
    if not isinstance(call, Call):
        return False
    function = call.function
    name = function.name if isinstance(function, Attr) else function.id if isinstance(function, Name) else ""
    return name in _LOOKS


def _is_generated(name: str) -> bool:
    return name in {"_version", "version", "_build"} or name.endswith(("_pb2", "_pb2_grpc"))


def _enclosing(module: Module, index: int) -> Iterator[int]:
    while index > 0:
        yield index
        index = module.facts.scopes[index].parent
