"""What names are: found in their scopes, followed through imports, parameters and assignments."""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING

from archguard.link import shapes
from archguard.link.annotations import annotated
from archguard.link.answers import Table
from archguard.link.classes import joined, union
from archguard.link.shapes import UNKNOWN
from archguard.model.facts import Attr, Container, Expr, Import, Name, Parameter, Write
from archguard.model.program import Function, Module
from archguard.model.values import (
    ClassRef,
    External,
    FunctionRef,
    Instance,
    Literal,
    ModuleRef,
    Unknown,
    Value,
    options_of,
)

if TYPE_CHECKING:
    from archguard.link.bindings import Binding
    from archguard.link.types import Resolver

_BUILTINS = frozenset(dir(builtins))


class Names:
    """Look-up of names; part of the `Resolver`, which it asks for everything else."""

    def __init__(self, resolver: Resolver) -> None:
        self._types = resolver
        self._known: Table[Function, str, Value] = Table(
            resolver.answers, "name", self._look_up, Unknown("cycle")
        )
        self._aliases: Table[Function, str, Value] = Table(
            resolver.answers, "alias", self._alias_of, Unknown("annotation")
        )
        self._bound_names: Table[Function, None, tuple[str, ...]] = Table(
            resolver.answers, "bound names", self._bound_in, ()
        )

    def get(self, function: Function, name: str) -> Value:
        """What a name means in a scope."""
        return self._known.get(self._owner(function, name) if function.index else function, name)

    def bound_in(self, function: Function) -> tuple[str, ...]:
        """The names that a scope binds."""
        return self._bound_names.get(function, None)

    def _bound_in(self, function: Function, _: None) -> tuple[str, ...]:
        return tuple(self._types.bindings.of(function))

    def _owner(self, function: Function, name: str) -> Function:
        """The scope that binds a name, seen from another; the module where none does."""
        tables = self._types.bindings.of
        scope = function
        while True:
            parent = scope.scope.parent
            if name in tables(scope) and (scope is function or scope.scope.kind != "class"):
                return scope
            if parent < 0:
                return scope
            scope = self._types.scopes[scope.module][parent]

    def binder(self, function: Function, name: str) -> tuple[Function, list[Binding]] | None:
        """The scope that a name belongs to, seen from another, and what binds it there."""
        owner = self._owner(function, name)
        found = self._types.bindings.of(owner).get(name)
        return (owner, found) if found else None

    def _look_up(self, owner: Function, name: str) -> Value:
        bindings = self._types.bindings.of(owner).get(name)
        if bindings is None:
            starred = self._starred(owner.module, name)
            if starred is not None:
                return starred
            return External(name) if name in _BUILTINS else Unknown("unresolved-name")
        if len(bindings) == 1:
            return self._bound(owner, name, bindings[0])
        return joined(self._types.policy.limits.union, [self._bound(owner, name, each) for each in bindings])

    def _bound(self, owner: Function, name: str, binding: Binding) -> Value:
        what = binding.what
        if isinstance(what, Import):
            return self.imported(owner.module, what)
        if isinstance(what, Function):
            if what.scope.kind == "class":
                return ClassRef(self._types.classes.at(what))
            return FunctionRef(what)
        if isinstance(what, Parameter):
            return self._parameter(owner, what)
        return self._written(binding.scope, what, name)

    def _starred(self, module: Module, name: str) -> Value | None:
        for item in self._types.bindings.stars(module):
            target, _ = self._types.modules.target(module, item)
            if target is None:
                continue
            found = self.get(self._types.body(target), name)
            if not isinstance(found, Unknown) and not (isinstance(found, External) and found.path == name):
                return found
        return None

    def imported(self, module: Module, item: Import) -> Value:
        """What an import binds."""
        target, path = self._types.modules.target(module, item)
        if item.name is None:
            if item.alias:
                return ModuleRef(target) if target else self._external(path)
            top = path.partition(".")[0]
            first = self._types.modules.resolve(module, top)
            if first is not None:
                return ModuleRef(first)
            return Unknown("namespace-package") if target is not None else External(top)
        if target is not None:
            return self._types.members.of_module(target, item.name)
        inside = self._types.modules.resolve(module, f"{path}.{item.name}")
        if inside is not None:
            return ModuleRef(inside)  # a module of a folder without ``__init__``
        return Unknown("unresolved-import") if item.level else self._external(f"{path}.{item.name}")

    def _external(self, path: str) -> External:
        return External(self._types.policy.knowledge.aliases.get(path, path))

    # --- parameters and assignments ---------------------------------------------------------------

    def _parameter(self, function: Function, parameter: Parameter) -> Value:
        outer = outer_of(self._types, function)
        if function.owner is not None and parameter is function.scope.parameters[0]:
            receiver = self._receiver(function)
            if receiver is not None:
                return receiver
        declared: Value = UNKNOWN
        if parameter.annotation is not None:
            declared = self.annotation(outer, parameter.annotation)
        if parameter.kind == "var":
            return shapes.container("tuple", declared)
        if parameter.kind == "kwargs":
            return shapes.container("dict", Instance(External("str")), declared)
        if parameter.default is not None and not _project_class(declared):
            given = self._types.value(outer, parameter.default)
            useful = [v for v in options_of(given) if isinstance(v, (Instance, FunctionRef, ClassRef))]
            declared = union([*_known(declared), *useful], self._types.policy.limits.union) or declared
        return Unknown("parameter") if isinstance(declared, Unknown) else declared

    def _receiver(self, function: Function) -> Value | None:
        owner = function.owner
        if function.scope.kind == "lambda" and function.scope.parameters[0].name not in {"self", "cls"}:
            return None  # a value of the class body, called by whoever takes it from there
        kinds = self._types.returns.decorators(function)
        if owner is None or "staticmethod" in kinds:
            return None
        if "classmethod" in kinds or function.scope.name in {"__new__", "__init_subclass__"}:
            return ClassRef(owner)
        return Instance(ClassRef(owner))

    def _written(self, scope: Function, write: Write, name: str) -> Value:
        if write.annotation is not None:
            declared = self.annotation(scope, write.annotation)
            if not isinstance(declared, Unknown):
                return self._sharpened(scope, declared, write.value)
        if write.value is None or write.how in {"aug", "match", "except"}:
            return Unknown(write.how)
        if write.how == "for":
            produced = shapes.element(self._types.value(scope, write.value))
        elif write.how == "with":
            produced = self._types.members.entered(self._types.value(scope, write.value), write.value, scope)
        else:
            produced = self._types.value(scope, write.value)
        return unpacked(write.target, Name(name), produced)

    def _sharpened(self, scope: Function, declared: Value, value: Expr | None) -> Value:
        """An annotation whose value is seen too is as precise as the value."""
        if value is None or not isinstance(declared, Instance):
            return declared
        seen = self._types.value(scope, value)
        if isinstance(seen, Instance) and seen.of == declared.of:
            return Instance(declared.of, declared.arguments, proved=seen.proved)
        if isinstance(seen, Instance) and isinstance(seen.of, ClassRef):
            return seen
        return declared

    def annotation(self, function: Function, expr: Expr) -> Value:
        """An instance of what an annotation names."""
        return annotated(function, expr, self._types.value, self._alias)

    def _alias(self, function: Function, expr: Expr) -> Value:
        """The annotation that a name is bound to elsewhere."""
        if isinstance(expr, Name):
            return self._aliases.get(function, expr.id)
        base = self._types.value(function, expr.base) if isinstance(expr, Attr) else None
        if isinstance(expr, Attr) and isinstance(base, ModuleRef):
            return self._aliases.get(self._types.body(base.module), expr.name)
        return Unknown("annotation")

    def _alias_of(self, function: Function, name: str) -> Value:
        bound = self.binder(function, name)
        if bound is None:
            return Unknown("annotation")
        scope, bindings = bound
        what = bindings[-1].what
        if isinstance(what, Write) and what.value is not None and what.how == "=":
            return annotated(bindings[-1].scope, what.value, self._types.value, self._no_alias)
        if not isinstance(what, Import) or what.name is None:
            return Unknown("annotation")
        target, _ = self._types.modules.target(scope.module, what)
        if target is None:
            return Unknown("annotation")
        return self._aliases.get(self._types.body(target), what.name)

    def _no_alias(self, function: Function, expr: Expr) -> Value:
        return Unknown("annotation")


def outer_of(types: Resolver, function: Function) -> Function:
    """The scope that evaluates a function's decorators, defaults and annotations."""
    parent = function.scope.parent
    return types.scopes[function.module][parent] if parent >= 0 else function


def _project_class(value: Value) -> bool:
    return isinstance(value, Instance) and isinstance(value.of, ClassRef)


def _known(value: Value) -> list[Value]:
    return [] if isinstance(value, (Unknown, Literal)) else [value]


def unpacked(target: Expr, wanted: Expr, value: Value) -> Value:
    """What one part of a tuple target takes of the value; all of it where it is the target itself."""
    if target == wanted:
        return value
    if not isinstance(target, Container) or wanted not in target.items:
        return UNKNOWN
    if not isinstance(value, Instance) or not isinstance(value.of, External):
        return UNKNOWN
    whole = value.of.path == "tuple" and len(value.arguments) == len(target.items)
    return value.arguments[target.items.index(wanted)] if whole else shapes.element(value)
