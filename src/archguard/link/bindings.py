"""What binds each name of a scope."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, Union

from archguard.model.facts import Container, Expr, Import, Name, Op, Parameter, Write
from archguard.model.program import Function, Module


class Binding(NamedTuple):
    """What binds a name, and the scope whose events its expressions index.

    A name is bound by a parameter, an assignment (or loop, with, …), an import, a def or a class.
    """

    scope: Function
    what: Union[Parameter, Write, Import, Function]


class BindingTable:
    """The names that each scope binds, in the order of their binding; built when first asked."""

    def __init__(self, scopes: dict[Module, tuple[Function, ...]]) -> None:
        self._scopes = scopes
        self._tables: dict[Function, dict[str, list[Binding]]] = {}
        self._children: dict[Module, dict[int, list[Function]]] = {}
        self._imports: dict[Module, dict[int, list[Import]]] = {}

    def of(self, function: Function) -> dict[str, list[Binding]]:
        """Every name bound in this very scope, with what binds it."""
        table = self._tables.get(function)
        if table is None:
            table = self._tables[function] = self._build(function)
        return table

    def scope(self, module: Module, index: int) -> Function:
        """The scope at this index of a module."""
        return self._scopes[module][index]

    def children(self, function: Function) -> list[Function]:
        """The scopes defined directly in this one."""
        module = function.module
        if module not in self._children:
            table: dict[int, list[Function]] = {}
            for scope in self._scopes[module]:
                table.setdefault(scope.scope.parent, []).append(scope)
            self._children[module] = table
        return self._children[module].get(function.index, [])

    def imports(self, function: Function) -> list[Import]:
        """The imports that stand directly in this scope."""
        module = function.module
        if module not in self._imports:
            table: dict[int, list[Import]] = {}
            for item in module.facts.imports:
                table.setdefault(item.scope, []).append(item)
            self._imports[module] = table
        return self._imports[module].get(function.index, [])

    def stars(self, module: Module) -> list[Import]:
        """The star imports of a module."""
        return [item for item in module.facts.imports if item.name == "*"]

    def _build(self, function: Function) -> dict[str, list[Binding]]:
        table: dict[str, list[Binding]] = {}
        elsewhere = {*function.scope.globals, *function.scope.nonlocals}
        for parameter in function.scope.parameters:
            table.setdefault(parameter.name, []).append(Binding(function, parameter))
        for item in self.imports(function):
            if item.name != "*":
                table.setdefault(bound_name(item), []).append(Binding(function, item))
        for event in function.scope.events:
            if type(event) is Write and event.how != "del":
                for name in _names(event.target):
                    if name not in elsewhere:
                        table.setdefault(name, []).append(Binding(function, event))
        for child in self.children(function):
            if child.scope.kind in {"function", "class"}:
                table.setdefault(child.scope.name, []).append(Binding(function, child))
        if function.scope.kind == "module":
            self._add_globals(function, table)
        return table

    def _add_globals(self, module_scope: Function, table: dict[str, list[Binding]]) -> None:
        """Names that functions of the module bind through ``global``."""
        for scope in self._scopes[module_scope.module]:
            names = set(scope.scope.globals)
            if names:
                for event in scope.scope.events:
                    if type(event) is Write and event.how != "del":
                        for name in _names(event.target):
                            if name in names:
                                table.setdefault(name, []).append(Binding(scope, event))


def bound_name(item: Import) -> str:
    """The name that an import binds in its scope."""
    if item.alias:
        return item.alias
    return item.name if item.name is not None else item.module.partition(".")[0]


def _names(target: Expr) -> Iterator[str]:
    if type(target) is Name:
        yield target.id
    elif type(target) is Container:
        for item in target.items:
            yield from _names(item)
    elif type(target) is Op and target.kind == "*":
        yield from _names(target.operands[0])
