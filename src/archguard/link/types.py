"""What expressions are: names, attributes, calls, annotations and inferred returns."""

from __future__ import annotations

from typing import NamedTuple

from archguard.link import shapes
from archguard.link.answers import Answers, Table
from archguard.link.attributes import Attributes
from archguard.link.bindings import BindingTable
from archguard.link.classes import Ancestor, ClassTable, union
from archguard.link.library_calls import LibraryCalls
from archguard.link.modules import ModuleTable
from archguard.link.names import Names
from archguard.link.returns import Returns
from archguard.link.shapes import UNKNOWN
from archguard.model.facts import (
    Attr,
    Call,
    Const,
    Container,
    Expr,
    Lambda,
    Masked,
    Name,
    Op,
    Result,
    Text,
)
from archguard.model.policy import Policy
from archguard.model.program import Class, Function, Module
from archguard.model.values import (
    ClassRef,
    External,
    FunctionRef,
    Instance,
    Literal,
    Unknown,
    Value,
    options_of,
)


class Runs(NamedTuple):
    """How a function runs when it is called."""

    is_async: bool
    is_generator: bool


def _runs(function: Function, _: None) -> Runs:
    return Runs(function.scope.is_async, function.scope.is_generator)


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
        self.answers = answers = Answers(policy.limits.depth)
        self.bindings = BindingTable(scopes)
        bodies = {cls: scopes[module][index] for (module, index), cls in classes.items()}
        self.classes = ClassTable(answers, classes, bodies, self.bindings, self.value)
        self.members = Attributes(self)
        self.library_calls = LibraryCalls(self)
        self.names = Names(self)
        self.returns = Returns(self)
        self._results: Table[Function, int, Value] = Table(
            answers, "result", self._call_result, Unknown("cycle")
        )
        self._callees: dict[int, Value] = {}
        self._runs: Table[Function, None, Runs] = Table(answers, "runs", _runs, Runs(False, False))

    # --- the door -------------------------------------------------------------------------------

    def value(self, function: Function, expr: Expr) -> Value:
        """What an expression evaluated in this scope is."""
        kind = type(expr)
        if kind is Name:
            return self.names.get(function, expr.id)  # type: ignore[union-attr]
        if kind is Attr:
            found = self.members.get(self.value(function, expr.base), expr.name)  # type: ignore[union-attr]
            if type(found) is Unknown and type(expr.base) is Result:  # type: ignore[union-attr]
                return self.library_calls.above(function, expr) or found  # type: ignore[arg-type]
            return found
        if kind is Result:
            return self.result(function, expr.event)  # type: ignore[union-attr]
        return self._value(function, expr)

    def callee(self, function: Function, call: Call) -> Value:
        """What a call of this scope calls."""
        frame = self.answers.frame
        if frame is not None and frame.depth:
            return self.value(function, call.function)
        key = id(call)  # facts live as long as this, so a call is known by its identity
        found = self._callees.get(key)
        if found is None:
            if frame is not None and frame.home is function.module:
                found = self._callees[key] = self.value(function, call.function)
            else:
                with self.answers.within(function.module):
                    found = self._callees[key] = self.value(function, call.function)
        return found

    def body(self, module: Module) -> Function:
        """The scope of a module's own body."""
        return self.scopes[module][0]

    def runs(self, function: Function) -> Runs:
        """How a function of any module runs."""
        return self._runs.get(function, None)

    def attributes(self, cls: Class) -> frozenset[str] | None:
        """The names of every attribute of instances, or None where the class is not fully seen."""
        return self.members.all_of(cls)

    def ancestors(self, cls: Class) -> tuple[Ancestor, ...] | None:
        """The method resolution order without the class itself; None if a base is unknown."""
        return self.classes.ancestors(cls)

    def subclasses(self, cls: Class) -> list[Class]:
        """All project classes below it, nearest first."""
        return self.classes.subclasses(cls)

    def annotation(self, function: Function, expr: Expr) -> Value:
        """An instance of what an annotation names."""
        return self.names.annotation(function, expr)

    # --- expressions ----------------------------------------------------------------------------

    def _value(self, function: Function, expr: Expr) -> Value:
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
        return self.library_calls.of_protocol(base, "__getitem__") or shapes.item(base)

    def _either(self, function: Function, operands: tuple[Expr, ...]) -> Value:
        values = [self.value(function, each) for each in operands]
        known = [v for value in values for v in options_of(value) if not isinstance(v, (Unknown, Literal))]
        return union(known, self.policy.limits.union) or values[-1]

    # --- calls ----------------------------------------------------------------------------------

    def result(self, function: Function, index: int) -> Value:
        """What the call at this index of the scope's events returns."""
        return self._results.get(function, index)

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
            return self.returns.of(callee)
        if isinstance(callee, ClassRef):
            return Instance(callee, proved=True)
        if isinstance(callee, Instance) and isinstance(callee.of, ClassRef):
            method = self.classes.find_method(callee.of.cls, "__call__")
            return self.returns.of(FunctionRef(method, callee)) if isinstance(method, Function) else UNKNOWN
        if isinstance(callee, Instance) and callee.of == External("type") and callee.arguments:
            return callee.arguments[0]
        if isinstance(callee, External):
            return self.library_calls.result(function, call, callee)
        return self.library_calls.of_protocol(callee, "__call__") or Unknown("callee")
