"""What ``value.name`` is, for every kind of value, and what entering or calling library objects gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archguard.link import shapes
from archguard.link.answers import Table
from archguard.link.classes import PLAIN_BASES, targets, union
from archguard.link.names import unpacked
from archguard.link.shapes import UNKNOWN
from archguard.model.facts import Attr, Call, Container, Expr, Import, Name, Read, Write
from archguard.model.program import Class, Function, Module
from archguard.model.values import (
    Awaitable,
    ClassRef,
    External,
    FunctionRef,
    Instance,
    Literal,
    ModuleRef,
    OneOf,
    Unknown,
    Value,
    options_of,
)

if TYPE_CHECKING:
    from archguard.link.types import Resolver

_PROPERTIES = {"property", "functools.cached_property", "cached_property", "abc.abstractproperty"}
_DYNAMIC_METHODS = {
    "__getattr__",
    "__getattribute__",
    "__new__",
    "__setattr__",
    "__init_subclass__",
    "__class_getitem__",
}
_KNOWN_DECORATORS = {"dataclasses.dataclass", "typing.final", "functools.total_ordering"}


class Attributes:
    """Attribute look-up on values; part of the `Resolver`, which it asks for everything else."""

    def __init__(self, resolver: Resolver) -> None:
        self._types = resolver
        answers = resolver.answers
        self._instance: Table[Class, str, Value | None] = Table(
            answers, "instance", self._declared, Unknown("cycle")
        )
        self._own: Table[Class, str, Value | None] = Table(answers, "declared", self._own_declared, None)
        self._nested: Table[Class, str, Class | None] = Table(
            answers, "nested class", self._nested_class, None
        )
        self._properties: Table[Function, None, bool] = Table(
            answers, "property", self._decorated_as_property, False
        )
        self._members: Table[Function, str, Value] = Table(
            answers, "member", self._of_module, Unknown("cycle")
        )
        self._elsewhere: Table[None, str, Value | None] = Table(answers, "state", self._on_application, None)
        self._property_names: Table[None, None, frozenset[str]] = Table(
            answers, "property names", self._all_property_names, frozenset()
        )
        self._state: dict[str, list[tuple[Function, Write]]] | None = None
        self._outside: frozenset[str] | None = None
        self._names: dict[Class, frozenset[str] | None] = {}

    def get(self, base: Value, name: str) -> Value:
        """What ``base.name`` is."""
        kind = type(base)
        if kind is Unknown:
            return base
        if kind is External:
            return self._of_library(base.path, name)  # type: ignore[union-attr]
        if kind is Instance:
            return self._of_instance(base, name)  # type: ignore[arg-type]
        return self._of_other(base, name)

    def _of_other(self, base: Value, name: str) -> Value:
        if isinstance(base, ModuleRef):
            return self.of_module(base.module, name)
        if isinstance(base, ClassRef):
            return self._of_class(base, name)
        if isinstance(base, OneOf):
            found = [self.get(option, name) for option in base.options]
            known = [value for value in found if not isinstance(value, Unknown)]
            return union(known, self._types.policy.limits.union) or UNKNOWN
        if isinstance(base, FunctionRef):
            return Unknown("function-attribute")
        if isinstance(base, Literal) and isinstance(base.value, str):
            return External(f"str.{name}")
        return Unknown("attribute")

    def _of_library(self, path: str, name: str) -> Value:
        if path.endswith((".app", ".state")):
            found = self._set_elsewhere(name)
            if found is not None:
                return found
        return External(self._canonical(f"{path}.{name}"))

    def _canonical(self, path: str) -> str:
        return self._types.policy.knowledge.aliases.get(path, path)

    # --- modules --------------------------------------------------------------------------------

    def of_module(self, module: Module, name: str) -> Value:
        """A name of a project module: what it binds, or its submodule."""
        return self._members.get(self._types.body(module), name)

    def _of_module(self, scope: Function, name: str) -> Value:
        types, module = self._types, scope.module
        bound = types.bindings.of(scope).get(name)
        if bound is not None and not self._is_itself(module, bound[-1].what, name):
            return types.names.get(scope, name)
        inner = types.modules.submodule(module, name)
        if inner is not None:
            return ModuleRef(inner)
        found = types.names.get(scope, name)
        if isinstance(found, External) and found.path == name:
            return Unknown("unresolved-name")  # a builtin is no attribute of the module
        return found

    def _is_itself(self, module: Module, what: object, name: str) -> bool:
        """``from . import name`` in a package's own ``__init__`` binds its submodule."""
        return (
            isinstance(what, Import)
            and what.name == name
            and what.level == 1
            and not what.module
            and self._types.modules.submodule(module, name) is not None
        )

    # --- classes and instances --------------------------------------------------------------------

    def _of_class(self, ref: ClassRef, name: str) -> Value:
        types = self._types
        method = types.classes.find_method(ref.cls, name)
        if isinstance(method, Function):
            bound = self._is_classmethod(method)
            return FunctionRef(method, ref if bound else None)
        value = self._instance.get(ref.cls, name)
        if value is not None:
            return value
        nested = self._nested.get(ref.cls, name)
        if nested is not None:
            return ClassRef(nested)
        return method if method is not None else Unknown("class-attribute")

    def _nested_class(self, cls: Class, name: str) -> Class | None:
        types = self._types
        for child in types.bindings.children(types.classes.body(cls)):
            if child.scope.kind == "class" and child.scope.name == name:
                return types.classes.at(child)
        return None

    def _is_classmethod(self, function: Function) -> bool:
        return "classmethod" in self._types.returns.decorators(function)

    def is_property(self, function: Function) -> bool:
        """Whether reading the attribute runs the function."""
        return self._properties.get(function, None)

    def _decorated_as_property(self, function: Function, _: None) -> bool:
        if not function.scope.decorators:
            return False
        return any(each in _PROPERTIES for each in self._types.returns.decorators(function))

    def property_names(self) -> frozenset[str]:
        """The names under which any class of the project has a property."""
        return self._property_names.get(None, None)

    def _all_property_names(self, _: None, __: None) -> frozenset[str]:
        return frozenset(
            scope.scope.name
            for scopes in self._types.scopes.values()
            for scope in scopes
            if scope.owner is not None and scope.scope.decorators and self.is_property(scope)
        )

    def _of_instance(self, base: Instance, name: str) -> Value:
        if isinstance(base.of, External):
            return self._of_external(base, base.of, name)
        cls = base.of.cls
        method = self._types.classes.find_method(cls, name)
        if isinstance(method, Function):
            if self.is_property(method):
                return self._types.returns.of(FunctionRef(method, base))
            return FunctionRef(method, base)
        value = self.instance_attribute(cls, name)
        if value is not None:
            return value
        if method is not None:
            return method
        return self._set_elsewhere(name) or Unknown("attribute")

    def _of_external(self, base: Instance, cls: External, name: str) -> Value:
        if cls.path == "type" and base.arguments:
            return self._of_some_class(base.arguments[0], name)
        if self._types.policy.knowledge.roles.get(cls.path) in {"asgi-app", "wsgi-app", "state"}:
            found = self._set_elsewhere(name)
            if found is not None:
                return found
        return self._of_library(cls.path, name)

    def _of_some_class(self, instance: Value, name: str) -> Value:
        """An attribute of ``type[C]``."""
        if isinstance(instance, Instance) and isinstance(instance.of, ClassRef):
            return self._of_class(instance.of, name)
        return UNKNOWN

    def instance_attribute(self, cls: Class, name: str) -> Value | None:
        """What instances hold under this name: what methods assign, or the body declares."""
        return self._instance.get(cls, name)

    def _declared(self, cls: Class, name: str) -> Value | None:
        above = (a.cls for a in self._types.classes.known_ancestors(cls) if isinstance(a, ClassRef))
        for owner in (cls, *above):
            found = self._own.get(owner, name)
            if found is not None:
                return found
        return None

    def _own_declared(self, cls: Class, name: str) -> Value | None:
        """What the class itself assigns or declares under this name."""
        types = self._types
        assignments = types.classes.assignments(cls, name)
        if not assignments:
            return None
        values = [self._assigned(scope, write, name) for scope, write in assignments]
        known = [v for value in values for v in options_of(value)]
        useful = [v for v in known if not isinstance(v, (Unknown, Literal))]
        return union(useful, types.policy.limits.union) or values[-1]

    def _assigned(self, scope: Function, write: Write, name: str) -> Value:
        types = self._types
        if write.annotation is not None:
            declared = types.annotation(scope, write.annotation)
            if not isinstance(declared, Unknown):
                seen = types.value(scope, write.value) if write.value is not None else UNKNOWN
                return seen if isinstance(seen, Instance) and seen.proved else declared
        if write.value is None or write.how not in {"=", "with"}:
            return Unknown(write.how)
        value = types.value(scope, write.value)
        if write.how == "with":
            value = self.entered(value, write.value, scope)
        if isinstance(write.target, Container):
            return unpacked(write.target, _part(write.target, name), value)
        return value

    def all_of(self, cls: Class) -> frozenset[str] | None:
        """The names of every attribute of instances; None unless class and bases are fully seen."""
        if cls not in self._names:
            self._names[cls] = self._all_names(cls)
        return self._names[cls]

    def _all_names(self, cls: Class) -> frozenset[str] | None:
        types = self._types
        ancestors = types.classes.ancestors(cls)
        if ancestors is None:
            return None
        found = set(self._assigned_from_outside())
        for each in (ClassRef(cls), *ancestors):
            if isinstance(each, External):
                if each.path not in PLAIN_BASES:
                    return None
                continue
            if self._is_open(each.cls):
                return None
            found |= types.classes.assigned_names(each.cls)
            found |= {child.scope.name for child in types.bindings.children(types.classes.body(each.cls))}
        return frozenset(found)

    def _assigned_from_outside(self) -> frozenset[str]:
        """Every name that anybody assigns on an object other than ``self``."""
        if self._outside is None:
            self._outside = frozenset(
                target.name
                for scopes in self._types.scopes.values()
                for scope in scopes
                for event in scope.scope.events
                if type(event) is Write
                for target in targets(event.target)
                if type(target) is Attr and target.base != Name("self")
            )
        return self._outside

    def _is_open(self, cls: Class) -> bool:
        """Whether instances may have attributes that the class's statements do not show."""
        types = self._types
        if cls.scope.keywords or types.classes.methods(cls).keys() & _DYNAMIC_METHODS:
            return True
        body = types.classes.body(cls)
        if any(each not in _KNOWN_DECORATORS for each in types.returns.decorators(body)):
            return True
        return any(_sets_by_name(scope) for scope in types.bindings.children(body))

    # --- attributes set from outside ----------------------------------------------------------------

    def _set_elsewhere(self, name: str) -> Value | None:
        """What anybody sets under this name on an application object or its state."""
        return self._elsewhere.get(None, name)

    def _on_application(self, _: None, name: str) -> Value | None:
        if self._state is None:
            self._state = self._collect_state()
        types = self._types
        values = [
            types.value(scope, write.value) for scope, write in self._state.get(name, ()) if write.value
        ]
        known = [v for value in values for v in options_of(value) if not isinstance(v, (Unknown, Literal))]
        return union(known, types.policy.limits.union)

    def _collect_state(self) -> dict[str, list[tuple[Function, Write]]]:
        table: dict[str, list[tuple[Function, Write]]] = {}
        for scopes in self._types.scopes.values():
            for scope in scopes:
                for event in scope.scope.events:
                    if type(event) is not Write or event.how != "=" or type(event.target) is not Attr:
                        continue
                    if _is_application(event.target.base):
                        table.setdefault(event.target.name, []).append((scope, event))
        return table

    # --- with, and library calls ----------------------------------------------------------------

    def entered(self, manager: Value, expr: Expr, scope: Function) -> Value:
        """What ``with manager as x`` binds."""
        if isinstance(manager, OneOf):
            found = [self.entered(option, expr, scope) for option in manager.options]
            return union(found, self._types.policy.limits.union) or UNKNOWN
        if isinstance(manager, Awaitable):
            return self.entered(manager.result, expr, scope)
        if not isinstance(manager, Instance):
            return UNKNOWN
        if isinstance(manager.of, ClassRef):
            for name in ("__enter__", "__aenter__"):
                method = self._types.classes.find_method(manager.of.cls, name)
                if isinstance(method, Function):
                    result = shapes.awaited(self._types.returns.of(FunctionRef(method, manager)))
                    return manager if isinstance(result, Unknown) else result
            return manager
        if manager.of.path == "contextlib.AbstractContextManager":
            return manager.arguments[0] if manager.arguments else UNKNOWN
        path = self._types.policy.knowledge.returns.get(manager.of.path + ".__enter__")
        return Instance(External(path), proved=True) if path else manager


def _sets_by_name(scope: Function) -> bool:
    """Whether a method sets attributes whose names are only known at run time."""
    for event in scope.scope.events:
        if (
            isinstance(event, Call)
            and isinstance(event.function, Name)
            and event.function.id in {"setattr", "vars"}
        ):
            return True
        value = event.value if isinstance(event, Read) else event.target if isinstance(event, Write) else None
        value = event.function if isinstance(event, Call) else value
        while isinstance(value, Attr):
            if value.name == "__dict__":
                return True
            value = value.base
    return False


def _part(target: Container, name: str) -> Expr:
    """The part of a tuple target that sets an attribute of this name."""
    return next(
        (each for each in targets(target) if isinstance(each, Attr) and each.name == name), Name(name)
    )


def _is_application(base: Expr) -> bool:
    """``app``, ``request.app``, ``app.state`` … as the target of ``base.name = value``."""
    if isinstance(base, Attr):
        return base.name in {"state", "app"} or base.name.endswith("_app")
    if isinstance(base, Name):
        return base.id in {"app", "application", "state"} or base.id.endswith("_app")
    return False
