"""Classes: their ancestors, methods, overrides and attributes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from archguard.link.answers import Answers, Table
from archguard.link.bindings import BindingTable
from archguard.model.facts import Attr, Call, Container, Expr, Name, Op, Result, Write
from archguard.model.program import Class, Function, Module
from archguard.model.values import (
    ClassRef,
    External,
    FunctionRef,
    Instance,
    Literal,
    OneOf,
    Unknown,
    Value,
    options_of,
)

Ancestor = ClassRef | External

PLAIN_BASES = {"object", "typing.Generic", "typing.Protocol", "abc.ABC"}
"""Library bases that give a class nothing but what every object has."""


class Assignment(NamedTuple):
    """An assignment to an attribute, and the scope it stands in."""

    scope: Function
    write: Write


class ClassTable:
    """Everything about the project's classes that needs no types beyond their bases."""

    def __init__(
        self,
        answers: Answers,
        classes: dict[tuple[Module, int], Class],
        bodies: dict[Class, Function],
        bindings: BindingTable,
        value: Callable[[Function, Expr], Value],
    ) -> None:
        self._classes = classes
        self._bodies = bodies
        self._bindings = bindings
        self._value = value
        # A cycle of bases cannot run; it ends with nothing above.
        self._ancestors: Table[Class, None, tuple[Ancestor, ...] | None] = Table(
            answers, "ancestors", self._linearise, ()
        )
        self._known_ancestors: Table[Class, None, tuple[Ancestor, ...]] = Table(
            answers, "known ancestors", self._seen_above, ()
        )
        self._bases: Table[Class, None, tuple[Ancestor | None, ...]] = Table(
            answers, "bases", self._direct_bases, ()
        )
        self._handed: Table[Class, None, tuple[ClassRef, ...]] = Table(
            answers, "handed bases", self._given_bases, ()
        )
        self._own: Table[Class, str, Function | None] = Table(answers, "own method", self._own_method, None)
        self._found: Table[Class, str, Function | External | None] = Table(
            answers, "method", self._find_method, None
        )
        self._overrides: Table[Class, str, tuple[Function, ...]] = Table(
            answers, "overrides", self._find_overrides, (), everywhere=True
        )
        self._methods: dict[Class, dict[str, Function]] = {}
        self._assigned: dict[Class, dict[str, list[Assignment]]] = {}
        self._children: dict[Class, list[Class]] | None = None
        self._below: dict[Class, list[Class]] = {}

    def at(self, scope: Function) -> Class:
        """The class whose body this scope is."""
        return self._classes[scope.module, scope.index]

    def body(self, cls: Class) -> Function:
        """The scope of a class's body."""
        return self._bodies[cls]

    def bases(self, cls: Class) -> tuple[Ancestor | None, ...]:
        """The direct bases, None for one that is not known."""
        return self._bases.get(cls, None)

    def _direct_bases(self, cls: Class, _: None) -> tuple[Ancestor | None, ...]:
        parent = self._enclosing(cls)
        found: list[Ancestor | None] = []
        for expr in cls.scope.bases:
            value = self._value(parent, expr)
            known = [v for v in options_of(value) if isinstance(v, (ClassRef, External))]
            found.append(known[0] if known else None)
        return tuple(found)

    def _given_bases(self, cls: Class, _: None) -> tuple[ClassRef, ...]:
        """Classes that a call among the bases is given: ``with_metaclass(Meta, Base)``."""
        parent = self._enclosing(cls)
        found: list[Value] = []
        for expr in cls.scope.bases:
            call = parent.scope.events[expr.event] if isinstance(expr, Result) else None
            if isinstance(call, Call):
                for argument in call.arguments:
                    found += options_of(self._value(parent, argument))
        return tuple(value for value in found if isinstance(value, ClassRef))

    def _enclosing(self, cls: Class) -> Function:
        module = cls.module
        return self._scope(module, cls.scope.parent)

    def _scope(self, module: Module, index: int) -> Function:
        return self._bindings.scope(module, index)

    def ancestors(self, cls: Class) -> tuple[Ancestor, ...] | None:
        """Method resolution order without the class itself; None if some base is unknown.

        A cycle of bases cannot run; it ends where it began.
        """
        return self._ancestors.get(cls, None)

    def known_ancestors(self, cls: Class) -> tuple[Ancestor, ...]:
        """Like `ancestors`, but of a class with unknown bases the known ones."""
        return self._known_ancestors.get(cls, None)

    def _seen_above(self, cls: Class, _: None) -> tuple[Ancestor, ...]:
        complete = self.ancestors(cls)
        if complete is not None:
            return complete
        order: list[Ancestor] = []
        for base in self.bases(cls):
            if isinstance(base, ClassRef) and base.cls is not cls:
                order += [base, *(self.ancestors(base.cls) or ())]
            elif base is not None:
                order.append(base)
        return tuple(dict.fromkeys(order))

    def _linearise(self, cls: Class, _: None) -> tuple[Ancestor, ...] | None:
        lines: list[list[Ancestor]] = []
        bases = self.bases(cls)
        for base in bases:
            if base is None:
                return None
            if isinstance(base, ClassRef):
                above = self.ancestors(base.cls)
                if above is None:
                    return None
                lines.append([base, *above])
            else:
                lines.append([base])
        lines.append([base for base in bases if base is not None])
        return _merge(lines)

    def methods(self, cls: Class) -> dict[str, Function]:
        """The functions that the class's own body defines; of several the last that is no overload."""
        if cls not in self._methods:
            found: dict[str, Function] = {}
            for child in self._bindings.children(self.body(cls)):
                name = child.scope.name
                if child.scope.kind == "function" and not (name in found and _refines(child)):
                    found[name] = child
            self._methods[cls] = found
        return self._methods[cls]

    def find_method(self, cls: Class, name: str) -> Function | External | None:
        """The method that instances have: a function, a library's one, or None."""
        return self._found.get(cls, name)

    def _own_method(self, cls: Class, name: str) -> Function | None:
        return self.methods(cls).get(name)

    def _find_method(self, cls: Class, name: str) -> Function | External | None:
        own = self.methods(cls).get(name)
        if own is not None:
            return own
        for base in self.known_ancestors(cls):
            if isinstance(base, External):
                if base.path in PLAIN_BASES:
                    continue
                return External(f"{base.path}.{name}")
            inherited = self._own.get(base.cls, name)
            if inherited is not None:
                return inherited
        return None

    def subclasses(self, cls: Class) -> list[Class]:
        """All project classes below it, nearest first, in a fixed order."""
        if self._children is None:
            self._children = defaultdict(list)
            for each in self._classes.values():
                for base in (*self.bases(each), *self._handed.get(each, None)):
                    if isinstance(base, ClassRef):
                        self._children[base.cls].append(each)
        if cls in self._below:
            return self._below[cls]
        below = self._below[cls] = list[Class]()
        todo = [cls]
        while todo:
            for child in self._children.get(todo.pop(0), ()):
                if child not in below and child is not cls:
                    below.append(child)
                    todo.append(child)
        return below

    def overrides(self, cls: Class, name: str) -> tuple[Function, ...]:
        """The methods of this name in the classes below."""
        return self._overrides.get(cls, name)

    def _find_overrides(self, cls: Class, name: str) -> tuple[Function, ...]:
        below = (self._own.get(each, name) for each in self.subclasses(cls))
        return tuple(method for method in below if method is not None)

    def common_base(self, classes: Sequence[Class]) -> Class | None:
        """The nearest project class that all of these are or derive from."""
        if not classes:
            return None
        lines = [
            [cls, *(base.cls for base in self.known_ancestors(cls) if isinstance(base, ClassRef))]
            for cls in classes
        ]
        return next((each for each in lines[0] if all(each in line for line in lines)), None)

    def assignments(self, cls: Class, name: str) -> list[Assignment]:
        """What the class's own methods assign to ``self.name``, and what its body binds to it."""
        if cls not in self._assigned:
            self._assigned[cls] = self._collect(cls)
        return self._assigned[cls].get(name, [])

    def assigned_names(self, cls: Class) -> set[str]:
        """Every attribute that the class itself sets, on instances or in its body."""
        self.assignments(cls, "")
        return set(self._assigned[cls])

    def _collect(self, cls: Class) -> dict[str, list[Assignment]]:
        table: dict[str, list[Assignment]] = defaultdict(list)
        body = self.body(cls)
        for event in body.scope.events:
            if type(event) is Write:
                for target in targets(event.target):
                    if type(target) is Name:
                        table[target.id].append(Assignment(body, event))
        for method in self._bindings.children(body):
            if method.scope.kind == "function" and method.scope.parameters:
                receiver = method.scope.parameters[0].name
                for scope in self._with_nested(method):
                    _collect_from(scope, receiver, table)
        return table

    def _with_nested(self, function: Function) -> list[Function]:
        found = [function]
        for child in self._bindings.children(function):
            if child.scope.kind in {"function", "lambda"}:
                found += self._with_nested(child)
        return found


def _collect_from(scope: Function, receiver: str, table: dict[str, list[Assignment]]) -> None:
    for event in scope.scope.events:
        if type(event) is Write and event.how != "del":
            for target in targets(event.target):
                if type(target) is Attr and type(target.base) is Name and target.base.id == receiver:
                    table[target.name].append(Assignment(scope, event))


def targets(expr: Expr) -> Iterator[Expr]:
    """What an assignment sets: its target, or each part of a tuple's, starred or nested."""
    if isinstance(expr, Container):
        for item in expr.items:
            yield from targets(item)
    elif isinstance(expr, Op) and expr.kind == "*":
        yield from targets(expr.operands[0])
    else:
        yield expr


def _refines(function: Function) -> bool:
    """Whether a later definition of the same name only adds to it: a property's setter, an overload."""
    for decorator in function.scope.decorators:
        if type(decorator) is Attr and decorator.name in {"setter", "deleter", "getter"}:
            return True
    return False


def _merge(lines: list[list[Ancestor]]) -> tuple[Ancestor, ...]:
    """C3; where the order is inconsistent (Python would refuse it) the first line wins."""
    order: list[Ancestor] = []
    lines = [line[:] for line in lines if line]
    while lines:
        head = next(
            (line[0] for line in lines if not any(line[0] in other[1:] for other in lines)), lines[0][0]
        )
        order.append(head)
        lines = [rest for line in lines if (rest := [each for each in line if each != head])]
    return tuple(order)


def union(values: Sequence[Value], limit: int) -> Value | None:
    """One value for several: duplicates joined, at most ``limit`` kept; None for none."""
    flat = [option for value in values for option in options_of(value)]
    kept = list(dict.fromkeys(flat))[:limit]
    if not kept:
        return None
    return kept[0] if len(kept) == 1 else OneOf(tuple(kept))


def joined(limit: int, values: Sequence[Value]) -> Value:
    """Several bindings of one name: later definitions replace earlier ones, other values unite."""
    definitions = [v for v in values if isinstance(v, (FunctionRef, ClassRef))]
    if definitions and len(definitions) == len(values):
        return definitions[-1]
    options = [v for value in values for v in options_of(value)]
    known: list[Value] = [v for v in options if not isinstance(v, (Unknown, Literal))]
    if any(isinstance(v, Unknown) for v in options):
        known = [_doubted(v) for v in known]
    return union(known, limit) or values[-1]


def _doubted(value: Value) -> Value:
    """The value where the name is also bound to something that nobody knows: its class is not sure."""
    return replace(value, proved=False) if isinstance(value, Instance) else value
