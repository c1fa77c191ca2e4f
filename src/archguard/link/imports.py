"""Which project module imports which, and when."""

from __future__ import annotations

from collections.abc import Iterator

from archguard.link.modules import ModuleTable
from archguard.link.types import Resolver
from archguard.model.facts import Import
from archguard.model.program import Module, ModuleImport


def module_imports(table: ModuleTable, resolver: Resolver) -> tuple[ModuleImport, ...]:
    """Every import between modules of the project, in the order of modules and lines."""
    return tuple(
        found for module in table.modules.values() for item in module.facts.imports
        for found in _imports(table, resolver, module, item)
    )


def _imports(
    table: ModuleTable, resolver: Resolver, module: Module, item: Import
) -> Iterator[ModuleImport]:
    target, _ = table.target(module, item)
    name = item.name
    if target is not None and name is not None and name != "*":
        inner = table.submodule(target, name)
        if inner is not None and name not in resolver.bindings.of(resolver.scopes[target][0]):
            target, name = inner, None
    elif target is None and name is not None:
        inner = table.resolve(module, f"{item.module}.{name}") if not item.level else None
        target, name = inner, None
    if target is not None and target is not module:
        deferred = any(
            module.facts.scopes[index].kind in {"function", "lambda"}
            for index in _enclosing(module, item.scope)
        )
        yield ModuleImport(module, target, item.place, name, deferred, item.typing_only)


def _enclosing(module: Module, index: int) -> Iterator[int]:
    while index > 0:
        yield index
        index = module.facts.scopes[index].parent
