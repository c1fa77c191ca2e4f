"""What expressions are: names, attributes, calls, annotations and inferred returns."""

from __future__ import annotations

import builtins

from archguard.link import shapes
from archguard.link.annotations import annotated
from archguard.link.attributes import Attributes
from archguard.link.bindings import Binding, BindingTable
from archguard.link.classes import Ancestor, ClassTable, union
from archguard.link.modules import ModuleTable
from archguard.link.shapes import UNKNOWN
from archguard.model.facts import (
    Attr,
    Call,
    Const,
    Container,
    Expr,
    Import,
    Lambda,
    Masked,
    Name,
    Op,
    Parameter,
    Result,
    Return,
    Text,
    Write,
    Yield,
)
from archguard.model.policy import Policy
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

_BUILTINS = frozenset(dir(builtins))
_CONTEXT_MANAGERS = {"contextlib.contextmanager", "contextlib.asynccontextmanager"}
_GENERATORS = {"Generator", "AsyncGenerator", "Iterator", "AsyncIterator", "Iterable", "AsyncIterable"}


class Resolver:
    """Types without running anything: each answer is computed once, cycles end as Unknown."""

    def __init__(
        self,
        table: ModuleTable,
        scopes: dict[Module, tuple[Function, ...]],
        classes: dict[tuple[Module, int], Class],
        policy: Policy,
    ) -> None:
        self.modules = table
        self.scopes = scopes
        self.policy = policy
        self.bindings = BindingTable(scopes)
        bodies = {cls: scopes[module][index] for (module, index), cls in classes.items()}
        self.classes = ClassTable(classes, bodies, self.bindings, self.value)
        self.members = Attributes(self)
        self._names: dict[tuple[Function, str], Value] = {}
        self._results: dict[tuple[Function, int], Value] = {}
        self._returns: dict[Function, Value] = {}
        self._depth = 0

    # --- the door -------------------------------------------------------------------------------

    def value(self, function: Function, expr: Expr) -> Value:
        """What an expression evaluated in this scope is."""
        if self._depth > self.policy.limits.depth:
            return Unknown("depth")
        self._depth += 1
        try:
            return self._value(function, expr)
        finally:
            self._depth -= 1

    def callee(self, function: Function, call: Call) -> Value:
        """What a call of this scope calls."""
        return self.value(function, call.function)

    def attributes(self, cls: Class) -> dict[str, Value] | None:
        """Every attribute of instances, or None where the class is not fully seen."""
        return self.members.all_of(cls)

    def ancestors(self, cls: Class) -> tuple[Ancestor, ...] | None:
        """The method resolution order without the class itself; None if a base is unknown."""
        return self.classes.ancestors(cls)

    def subclasses(self, cls: Class) -> list[Class]:
        """All project classes below it, nearest first."""
        return self.classes.subclasses(cls)

    # --- expressions ----------------------------------------------------------------------------

    def _value(self, function: Function, expr: Expr) -> Value:
        kind = type(expr)
        if kind is Name:
            return self.name(function, expr.id)  # type: ignore[union-attr]
        if kind is Attr:
            return self.members.get(self.value(function, expr.base), expr.name)  # type: ignore[union-attr]
        if kind is Result:
            return self.result(function, expr.event)  # type: ignore[union-attr]
        if isinstance(expr, Const):
            return Literal(expr.value)
        if isinstance(expr, (Text, Masked)):
            return Instance(External("str"), proved=True)
        if isinstance(expr, Container):
            return self._container(function, expr)
        if isinstance(expr, Lambda):
            return FunctionRef(self.scopes[function.module][expr.scope])
        return self._operation(function, expr) if isinstance(expr, Op) else UNKNOWN

    def _container(self, function: Function, expr: Container) -> Value:
        limit = self.policy.limits.union
        items = [self.value(function, each) for each in expr.items[:16]]
        if expr.kind == "tuple" and 0 < len(items) <= limit:
            return shapes.container("tuple", *items)
        joined = union(items, limit)
        if joined is None:
            return shapes.container(expr.kind)
        if expr.kind == "dict":
            return shapes.container("dict", Instance(External("str")), joined)
        return shapes.container(expr.kind, joined)

    def _operation(self, function: Function, expr: Op) -> Value:
        operands = expr.operands
        if expr.kind == "await":
            return shapes.awaited(self.value(function, operands[0]))
        if expr.kind == "subscript":
            return self._subscript(function, operands)
        if expr.kind in {"or", "and"}:
            return self._either(function, operands)
        if expr.kind == "if":
            return self._either(function, operands[1:])
        if expr.kind in {"listcomp", "setcomp", "generator"}:
            return shapes.container("list", self.value(function, operands[0]))
        if expr.kind == "dictcomp":
            return shapes.container("dict", UNKNOWN, self.value(function, operands[1]))
        if expr.kind == ":=":
            return self.value(function, operands[1])
        return Unknown("operation")

    def _subscript(self, function: Function, operands: tuple[Expr, ...]) -> Value:
        base = self.value(function, operands[0])
        if isinstance(base, (ClassRef, External)):
            return base  # a generic alias: Repository[User]
        if isinstance(base, Instance) and isinstance(base.of, External) and base.of.path == "tuple":
            index = operands[1]
            if (
                isinstance(index, Const)
                and isinstance(index.value, int)
                and 0 <= index.value < len(base.arguments)
            ):
                return base.arguments[index.value]
        return shapes.item(base)

    def _either(self, function: Function, operands: tuple[Expr, ...]) -> Value:
        values = [self.value(function, each) for each in operands]
        known = [v for value in values for v in options_of(value) if not isinstance(v, (Unknown, Literal))]
        return union(known, self.policy.limits.union) or values[-1]

    # --- names ----------------------------------------------------------------------------------

    def name(self, function: Function, name: str) -> Value:
        """What a name means in a scope."""
        key = (function, name)
        found = self._names.get(key)
        if found is None:
            self._names[key] = Unknown("cycle")
            found = self._names[key] = self._look_up(function, name)
        return found

    def binder(self, function: Function, name: str) -> tuple[Function, list[Binding]] | None:
        """The scope that a name belongs to, seen from another, and what binds it there."""
        scope: Function | None = function
        while scope is not None:
            if scope is function or scope.scope.kind != "class":
                found = self.bindings.of(scope).get(name)
                if found:
                    return scope, found
            scope = self.scopes[scope.module][scope.scope.parent] if scope.scope.parent >= 0 else None
        return None

    def _look_up(self, function: Function, name: str) -> Value:
        bound = self.binder(function, name)
        if bound is None:
            starred = self._starred(function.module, name)
            if starred is not None:
                return starred
            return External(name) if name in _BUILTINS else Unknown("unresolved-name")
        owner, bindings = bound
        if owner is not function:
            return self.name(owner, name)
        return self._join([self._bound(owner, name, each) for each in bindings])

    def _join(self, values: list[Value]) -> Value:
        """Several bindings of one name: later definitions replace earlier ones, values unite."""
        definitions = [v for v in values if isinstance(v, (FunctionRef, ClassRef))]
        if definitions and len(definitions) == len(values):
            return definitions[-1]
        known = [v for value in values for v in options_of(value) if not isinstance(v, (Unknown, Literal))]
        return union(known, self.policy.limits.union) or values[-1]

    def _bound(self, owner: Function, name: str, binding: Binding) -> Value:
        what = binding.what
        if isinstance(what, Import):
            return self.imported(owner.module, what)
        if isinstance(what, Function):
            if what.scope.kind == "class":
                return ClassRef(self.classes.at(what))
            return FunctionRef(what)
        if isinstance(what, Parameter):
            return self._parameter(owner, what)
        return self._written(binding.scope, what, name)

    def _starred(self, module: Module, name: str) -> Value | None:
        for item in self.bindings.stars(module):
            target, _ = self.modules.target(module, item)
            if target is None:
                continue
            found = self.name(self.scopes[target][0], name)
            if not isinstance(found, Unknown) and not (isinstance(found, External) and found.path == name):
                return found
        return None

    def imported(self, module: Module, item: Import) -> Value:
        """What an import binds."""
        target, path = self.modules.target(module, item)
        if item.name is None:
            if item.alias:
                return ModuleRef(target) if target else self._external(path)
            top = path.partition(".")[0]
            first = self.modules.resolve(module, top)
            if first is not None:
                return ModuleRef(first)
            return self.members.namespace(module, top) or External(top)
        if target is not None:
            return self.members.of_module(target, item.name)
        if item.level or self.modules.is_namespace(module, path):
            inside = self.modules.resolve(module, f"{path}.{item.name}")
            return ModuleRef(inside) if inside else Unknown("unresolved-import")
        return self._external(f"{path}.{item.name}")

    def _external(self, path: str) -> External:
        return External(self.policy.knowledge.aliases.get(path, path))

    # --- parameters and assignments ---------------------------------------------------------------

    def _parameter(self, function: Function, parameter: Parameter) -> Value:
        outer = self._outer(function)
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
            given = self.value(outer, parameter.default)
            useful = [v for v in options_of(given) if isinstance(v, (Instance, FunctionRef, ClassRef))]
            declared = union([*_known(declared), *useful], self.policy.limits.union) or declared
        return Unknown("parameter") if isinstance(declared, Unknown) else declared

    def _receiver(self, function: Function) -> Value | None:
        owner = function.owner
        kinds = {self.path_of(function, each) for each in function.scope.decorators}
        if owner is None or "staticmethod" in kinds:
            return None
        if "classmethod" in kinds or function.scope.name in {"__new__", "__init_subclass__"}:
            return ClassRef(owner)
        return Instance(ClassRef(owner))

    def _outer(self, function: Function) -> Function:
        parent = function.scope.parent
        return self.scopes[function.module][parent] if parent >= 0 else function

    def _written(self, scope: Function, write: Write, name: str) -> Value:
        if write.annotation is not None:
            declared = self.annotation(scope, write.annotation)
            if not isinstance(declared, Unknown):
                return self._sharpened(scope, declared, write.value)
        if write.value is None or write.how in {"aug", "match", "except"}:
            return Unknown(write.how)
        if write.how == "for":
            produced = shapes.element(self.value(scope, write.value))
        elif write.how == "with":
            produced = self.members.entered(self.value(scope, write.value), write.value, scope)
        else:
            produced = self.value(scope, write.value)
        return _unpacked(write.target, name, produced)

    def _sharpened(self, scope: Function, declared: Value, value: Expr | None) -> Value:
        """An annotation whose value is seen too is as precise as the value."""
        if value is None or not isinstance(declared, Instance):
            return declared
        seen = self.value(scope, value)
        if isinstance(seen, Instance) and seen.of == declared.of:
            return Instance(declared.of, declared.arguments, proved=seen.proved)
        if isinstance(seen, Instance) and isinstance(seen.of, ClassRef):
            return seen
        return declared

    def annotation(self, function: Function, expr: Expr) -> Value:
        """An instance of what an annotation names."""
        return annotated(function, expr, self.value, self._alias)

    def _alias(self, function: Function, expr: Expr) -> Value:
        """The annotation that a name is bound to elsewhere."""
        owner, name = function, ""
        if isinstance(expr, Name):
            name = expr.id
        elif isinstance(expr, Attr):
            base = self.value(function, expr.base)
            if isinstance(base, ModuleRef):
                owner, name = self.scopes[base.module][0], expr.name
        for _ in range(8):
            bound = self.binder(owner, name) if name else None
            if bound is None:
                return Unknown("annotation")
            scope, bindings = bound
            what = bindings[-1].what
            if isinstance(what, Write) and what.value is not None and what.how == "=":
                return annotated(bindings[-1].scope, what.value, self.value, self._no_alias)
            if not isinstance(what, Import):
                return Unknown("annotation")
            target, _ = self.modules.target(scope.module, what)
            if target is None or what.name is None:
                return Unknown("annotation")
            owner, name = self.scopes[target][0], what.name
        return Unknown("annotation")

    def _no_alias(self, function: Function, expr: Expr) -> Value:
        return Unknown("annotation")

    # --- calls ----------------------------------------------------------------------------------

    def result(self, function: Function, index: int) -> Value:
        """What the call at this index of the scope's events returns."""
        key = (function, index)
        found = self._results.get(key)
        if found is None:
            self._results[key] = Unknown("cycle")
            found = self._results[key] = self._call_result(function, index)
        return found

    def _call_result(self, function: Function, index: int) -> Value:
        events = function.scope.events
        call = events[index] if 0 <= index < len(events) else None
        if not isinstance(call, Call):
            return Unknown("no-call")
        values = [self._called(function, call, each) for each in options_of(self.callee(function, call))]
        known = [v for value in values for v in options_of(value) if not isinstance(v, Unknown)]
        joined = union(known, self.policy.limits.union) or values[-1]
        return shapes.awaited(joined) if call.awaited else joined

    def _called(self, function: Function, call: Call, callee: Value) -> Value:
        if isinstance(callee, FunctionRef):
            return self.returned(callee)
        if isinstance(callee, ClassRef):
            return Instance(callee, proved=True)
        if isinstance(callee, Instance) and isinstance(callee.of, ClassRef):
            method = self.classes.find_method(callee.of.cls, "__call__")
            return self.returned(FunctionRef(method, callee)) if isinstance(method, Function) else UNKNOWN
        if isinstance(callee, Instance) and callee.of == External("type") and callee.arguments:
            return callee.arguments[0]
        if isinstance(callee, External):
            return self.members.external_result(function, call, callee)
        return Unknown("callee")

    def returned(self, callee: FunctionRef) -> Value:
        """What calling a project function gives; a coroutine function gives an Awaitable."""
        function = callee.function
        if function not in self._returns:
            self._returns[function] = Unknown("cycle")
            self._returns[function] = self._returned(function)
        result = self._returns[function]
        if isinstance(result, Instance) and result.of == External("typing.Self"):
            result = callee.receiver or result
        if function.scope.is_async and not function.scope.is_generator:
            return Awaitable(result, callee)
        return result

    def _returned(self, function: Function) -> Value:
        scope = function.scope
        declared: Value = UNKNOWN
        if scope.returns is not None:
            declared = self.annotation(self._outer(function), scope.returns)
        managed = any(self.path_of(function, each) in _CONTEXT_MANAGERS for each in scope.decorators)
        if scope.is_generator or managed:
            given = element if (element := _generated(declared)) else self._yielded(function)
            kind = "contextlib.AbstractContextManager" if managed else "typing.Iterator"
            return Instance(External(kind), (given,))
        if not isinstance(declared, (Unknown, Literal)):
            return self._refined(function, declared)
        values = [
            self.value(function, event.value)
            for event in scope.events
            if type(event) is Return and event.value is not None
        ]
        return self._join(values) if values else Unknown("no-return")

    def _refined(self, function: Function, declared: Value) -> Value:
        """A declared base class whose returned subclass is seen is that subclass."""
        if not (isinstance(declared, Instance) and isinstance(declared.of, ClassRef)):
            return declared
        values = [
            self.value(function, event.value)
            for event in function.scope.events
            if type(event) is Return and event.value is not None
        ]
        known = [v for value in values for v in options_of(value)]
        classes = [v for v in known if isinstance(v, Instance) and isinstance(v.of, ClassRef)]
        return (
            union(list(classes), self.policy.limits.union) or declared
            if len(classes) == len(known)
            else declared
        )

    def _yielded(self, function: Function) -> Value:
        values = [
            self.value(function, event.value)
            for event in function.scope.events
            if type(event) is Yield and event.value is not None and not event.delegated
        ]
        return self._join(values) if values else UNKNOWN

    def path_of(self, function: Function, decorator: Expr) -> str:
        """The external path of a decorator (called or not), or an empty string."""
        outer = self._outer(function)
        if isinstance(decorator, Result):
            events = outer.scope.events
            call = events[decorator.event] if 0 <= decorator.event < len(events) else None
            if not isinstance(call, Call):
                return ""
            decorator = call.function
        found = self.value(outer, decorator)
        return found.path if isinstance(found, External) else ""


def _project_class(value: Value) -> bool:
    return isinstance(value, Instance) and isinstance(value.of, ClassRef)


def _known(value: Value) -> list[Value]:
    return [] if isinstance(value, (Unknown, Literal)) else [value]


def _generated(declared: Value) -> Value | None:
    """The element of a declared generator or iterator."""
    if isinstance(declared, Instance) and isinstance(declared.of, External) and declared.arguments:
        if declared.of.path.rpartition(".")[2] in _GENERATORS:
            first = declared.arguments[0]
            return None if isinstance(first, Unknown) else first
    return None


def _unpacked(target: Expr, name: str, value: Value) -> Value:
    """What a name inside a tuple target takes of the value."""
    if isinstance(target, Name):
        return value
    if isinstance(target, Container):
        for position, each in enumerate(target.items):
            if isinstance(each, Name) and each.id == name:
                if isinstance(value, OneOf):
                    return UNKNOWN
                if isinstance(value, Instance) and isinstance(value.of, External):
                    whole = value.of.path == "tuple" and len(value.arguments) == len(target.items)
                    return value.arguments[position] if whole else shapes.element(value)
    return UNKNOWN
