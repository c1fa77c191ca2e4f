"""What calls of library functions return: named by knowledge, or special in the language itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archguard.link import shapes
from archguard.link.shapes import UNKNOWN
from archguard.model.facts import Attr, Call, Const, Expr, Name, Result
from archguard.model.program import Class, Function
from archguard.model.values import (
    ClassRef,
    External,
    FunctionRef,
    Instance,
    ModuleRef,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from archguard.link.types import Resolver


class LibraryCalls:
    """Results of library calls; part of the `Resolver`, which it asks for everything else."""

    def __init__(self, resolver: Resolver) -> None:
        self._types = resolver

    def result(self, function: Function, call: Call, callee: External) -> Value:
        """What a call of a library name returns."""
        path = callee.path
        known = self._types.policy.knowledge.returns.get(path)
        if known is not None:
            return Instance(External(known), proved=True)
        special = self._special_result(function, call, path)
        if special is not None:
            return special
        if shapes.looks_like_class(path):
            return Instance(callee, proved=True)
        return Instance(External(f"{path}()"))

    def of_protocol(self, value: Value, method: str) -> Value | None:
        """What ``value()`` or ``value[…]`` gives for a library's object, where knowledge says."""
        if not (isinstance(value, Instance) and isinstance(value.of, External)):
            return None
        known = self._types.policy.knowledge.returns.get(f"{value.of.path}.{method}")
        return Instance(External(known), proved=True) if known else None

    def _special_result(self, function: Function, call: Call, path: str) -> Value | None:
        types = self._types
        if path == "super":
            return self._super(function)
        first = call.arguments[0] if call.arguments else None
        role = types.policy.knowledge.roles.get(path, "")
        if role == "depends" and first is not None:
            return self._provided(function, first)
        if path in {"typing.cast", "cast"} and len(call.arguments) == 2 and first is not None:
            return types.annotation(function, first)
        if path == "functools.partial" and first is not None:
            return types.value(function, first)
        if path == "getattr" and len(call.arguments) >= 2 and first is not None:
            return self._picked(function, first, call.arguments[1])
        if path == "importlib.import_module" and isinstance(first, Const) and isinstance(first.value, str):
            found = types.modules.resolve(function.module, first.value)
            return ModuleRef(found) if found else None
        if path in {"list", "tuple", "set", "sorted", "iter", "reversed", "frozenset"} and first is not None:
            return shapes.container("list", shapes.element(types.value(function, first)))
        if path == "next" and first is not None:
            return shapes.element(types.value(function, first))
        if path == "enumerate" and first is not None:
            return shapes.container(
                "list", shapes.container("tuple", UNKNOWN, shapes.element(types.value(function, first)))
            )
        if isinstance(call.function, Attr):
            base = types.value(function, call.function.base)
            if isinstance(base, Instance):
                return shapes.member_of_container(base, call.function.name)
        return None

    def _picked(self, function: Function, base: Expr, name: Expr) -> Value:
        """``getattr(base, name)``; of a module with a name chosen at run time, any class in it."""
        value = self._types.value(function, base)
        if isinstance(name, Const) and isinstance(name.value, str):
            return self._types.members.get(value, name.value)
        if not isinstance(value, ModuleRef):
            return Unknown("getattr")
        scope = self._types.body(value.module)
        found = [self._types.names.get(scope, each) for each in self._types.names.bound_in(scope)]
        common = self._types.classes.common_base([v.cls for v in found if isinstance(v, ClassRef)])
        return shapes.some_class(ClassRef(common)) if common else Unknown("getattr")

    def above(self, function: Function, expr: Attr) -> Value | None:
        """``super().name`` where the nearest base does not have it: a later one's in the order."""
        call = function.scope.events[expr.base.event] if isinstance(expr.base, Result) else None
        if not isinstance(call, Call) or call.function != Name("super"):
            return None
        owner = self._enclosing_class(function)
        for base in self._types.classes.known_ancestors(owner)[1:] if owner else ():
            found = self._types.members.get(Instance(base, proved=True), expr.name)
            if not isinstance(found, Unknown):
                return found
        return None

    def _super(self, function: Function) -> Value | None:
        owner = self._enclosing_class(function)
        above = self._types.classes.known_ancestors(owner) if owner else ()
        return Instance(above[0], proved=True) if above else None

    def _enclosing_class(self, function: Function) -> Class | None:
        scope: Function | None = function
        while scope is not None and scope.owner is None:
            parent = scope.scope.parent
            scope = self._types.scopes[scope.module][parent] if parent >= 0 else None
        return scope.owner if scope is not None else None

    def _provided(self, function: Function, dependency: Expr) -> Value:
        """What ``Depends(dependency)`` injects."""
        target = self._types.value(function, dependency)
        if isinstance(target, FunctionRef):
            result = shapes.awaited(self._types.returns.of(target))
            if isinstance(result, Instance) and result.of == External("typing.Iterator"):
                return result.arguments[0] if result.arguments else UNKNOWN
            return result
        if isinstance(target, ClassRef):
            return Instance(target)
        return UNKNOWN
