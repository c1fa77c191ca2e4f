"""What FastAPI takes from a request for a handler: its parameters and those of all its dependencies.

It reads the signature of the handler and of whatever a ``Depends`` names, however deep: functions, classes
(``__init__``, the fields of models and dataclasses), instances (``__call__``), and the attributes of a class
whose methods are handlers. A parameter takes its path's placeholder of the same name, or the one that the
alias of its ``Path(…)`` names.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import msgspec

from archguard.link.classes import PLAIN_BASES
from archguard.link.objects import Built, Objects
from archguard.link.path_reading import hands_on, names_in_path, path_readers
from archguard.link.types import Resolver
from archguard.model.endpoints import Input
from archguard.model.facts import (
    Attr,
    Call,
    Const,
    Container,
    Expr,
    Import,
    Name,
    Op,
    Parameter,
    Result,
    Write,
)
from archguard.model.lookups import last_name
from archguard.model.program import Class, Function
from archguard.model.values import ClassRef, External, FunctionRef, Instance, ModuleRef, Unknown, options_of

_HOPS = 12
_REQUESTS = {"request", "websocket"}
_FIELDED = {"pydantic.BaseModel", "pydantic_settings.BaseSettings", "sqlmodel.SQLModel", "typing.NamedTuple"}
_PLAIN_LIBRARIES = {
    "fastapi",
    "starlette",
    "pydantic",
    "pydantic_extra_types",
    "typing_extensions",
    "annotated_types",
}
_NOT_BY_KEYWORD = {"positional", "var", "kwargs"}


class Taken(msgspec.Struct, frozen=True):
    """The inputs that were found; not ``complete`` where something may read more of the request."""

    inputs: tuple[Input, ...] = ()
    complete: bool = True

    def __add__(self, other: Taken) -> Taken:
        return Taken((*self.inputs, *other.inputs), self.complete and other.complete)


_NOTHING = Taken()
_UNSEEN = Taken((), complete=False)


class InputFinder:
    """Finds inputs; each function and class is read once."""

    def __init__(self, resolver: Resolver, objects: Objects) -> None:
        self._types = resolver
        self._objects = objects
        self._roles = resolver.policy.knowledge.roles
        self._functions: dict[tuple[Function, bool], Taken] = {}
        self._classes: dict[Class, Taken] = {}
        self._views: dict[Class, Taken] = {}
        self._names: tuple[str, ...] | None = None

    def of_handler(self, handler: Function) -> Taken:
        """What a handler and its own dependencies take; a method has those of its class too."""
        if handler.owner is None:
            return self._of_function(handler, bound=False)
        return self._of_function(handler, bound=True) + self._of_view(handler.owner)

    def of_dependency(self, made: Built) -> Taken:
        """What a ``Depends(…)`` that stands on its own takes."""
        given = _argument(made.call, "dependency")
        return self._of_provider(made.scope, given) if given is not None else _UNSEEN

    # --- callables --------------------------------------------------------------------------------

    def _of_provider(self, scope: Function, expr: Expr) -> Taken:
        found = _NOTHING
        for value in options_of(self._types.value(scope, expr)):
            if isinstance(value, FunctionRef):
                found += self._of_function(value.function, bound=value.receiver is not None)
            elif isinstance(value, ClassRef):
                found += self._of_class(value.cls)
            elif isinstance(value, Instance) and isinstance(value.of, ClassRef):
                method = self._types.classes.find_method(value.of.cls, "__call__")
                found += self._of_function(method, bound=True) if isinstance(method, Function) else _UNSEEN
            else:
                named = value.of if isinstance(value, Instance) else value
                known = isinstance(named, External) and named.path.startswith("fastapi.security.")
                found += _NOTHING if known else _UNSEEN
        return found

    def _of_function(self, function: Function, *, bound: bool) -> Taken:
        key = (function, bound)
        if key not in self._functions:
            self._functions[key] = _UNSEEN  # a dependency on itself cannot run; it ends here
            outer = self._outer(function)
            found = _UNSEEN if self._has_other_signature(function, outer) else _NOTHING
            for parameter in function.scope.parameters[1 if bound else 0 :]:
                if parameter.kind not in _NOT_BY_KEYWORD:
                    found += self._of_parameter(function, parameter, outer)
            self._functions[key] = found
        return self._functions[key]

    def _outer(self, function: Function) -> Function:
        return self._types.scopes[function.module][max(function.scope.parent, 0)]

    def _of_class(self, cls: Class) -> Taken:
        """What making an instance takes."""
        if cls not in self._classes:
            self._classes[cls] = _UNSEEN
            self._classes[cls] = self._of_construction(cls)
        return self._classes[cls]

    def _of_construction(self, cls: Class) -> Taken:
        ancestors = self._types.ancestors(cls)
        if ancestors is None:
            return _UNSEEN
        classes = [cls, *(each.cls for each in ancestors if isinstance(each, ClassRef))]
        external = {each.path for each in ancestors if isinstance(each, External)}
        initialised = self._of_initialiser(cls)
        if initialised is not None:
            return initialised
        if external & _FIELDED or any(_is_dataclass(each) for each in classes):
            found = _NOTHING if external <= _FIELDED | PLAIN_BASES else _UNSEEN
            for each in classes:
                found += self._of_fields(each)
            return found
        return _NOTHING if external <= PLAIN_BASES and not cls.scope.decorators else _UNSEEN

    def _of_initialiser(self, cls: Class) -> Taken | None:
        method = self._types.classes.find_method(cls, "__init__")
        return self._of_function(method, bound=True) if isinstance(method, Function) else None

    def _of_fields(self, cls: Class) -> Taken:
        body = self._types.classes.body(cls)
        found = _NOTHING
        for event in body.scope.events:
            if isinstance(event, Write) and event.annotation is not None and isinstance(event.target, Name):
                field = Parameter(event.target.id, "normal", event.annotation, event.value)
                found += self._of_parameter(body, field, body)
        return found

    def _of_view(self, cls: Class) -> Taken:
        """What the attributes and the construction of a class of handlers take."""
        if cls not in self._views:
            ancestors = self._types.ancestors(cls)
            found = self._of_initialiser(cls) or _NOTHING if ancestors is not None else _UNSEEN
            for each in (cls, *(a.cls for a in ancestors or () if isinstance(a, ClassRef))):
                body = self._types.classes.body(each)
                for event in body.scope.events:
                    if isinstance(event, Write) and isinstance(event.target, Name):
                        field = Parameter(event.target.id, "normal", event.annotation, event.value)
                        marks = list(self._marks(body, field))
                        found += self._of_parameter(body, field, body) if marks else _NOTHING
            self._views[cls] = found
        return self._views[cls]

    # --- parameters -------------------------------------------------------------------------------

    def _of_parameter(self, function: Function, parameter: Parameter, scope: Function) -> Taken:
        source, name, found = "", parameter.name, _NOTHING
        for made in self._marks(scope, parameter):
            role, last = self._role(made)
            if role == "depends":
                given = _argument(made.call, "dependency")
                declared = self._type_of(scope, parameter.annotation)
                if given is not None:
                    found += self._of_provider(made.scope, given)
                else:
                    found += self._of_provider(*declared) if declared is not None else _UNSEEN
                source = "depends"
            elif role in {"parameter", "field"}:
                source = last if role == "parameter" else source
                alias = _alias(made.call)
                name = parameter.name if alias is None else alias
                if name == "" or "**" in dict(made.call.keywords):
                    return Taken(found.inputs, complete=False)
                if last == "path":
                    found += self._of_path_model(scope, parameter)
            else:
                found += _UNSEEN if role == "?" else _NOTHING
        if source == "depends":
            return found
        if not source and parameter.annotation is not None:
            kind = self._kind_of_type(scope, parameter.annotation)
            if kind == "request":
                return found + self._of_request(function, parameter.name)
            found += _UNSEEN if kind == "?" else _NOTHING
        return found + Taken((Input(name, source, function, parameter.name),))

    def _of_request(self, function: Function, request: str) -> Taken:
        """What a function takes that is given the request: the values of its path, itself or further on."""
        names, certain = names_in_path(function)
        if hands_on(function, request):
            names = (*names, *self._read_by_name())
        return Taken(tuple(Input(name, "request", function, request) for name in names), certain)

    def _read_by_name(self) -> tuple[str, ...]:
        if self._names is None:
            self._names = path_readers(each for scopes in self._types.scopes.values() for each in scopes)
        return self._names

    def _of_path_model(self, scope: Function, parameter: Parameter) -> Taken:
        """The fields of a model that ``Path()`` fills from several placeholders."""
        declared = self._type_of(scope, parameter.annotation)
        value = self._types.value(*declared) if declared is not None else Unknown()
        return self._of_class(value.cls) if isinstance(value, ClassRef) else _NOTHING

    def _role(self, made: Built) -> tuple[str, str]:
        """What a call in a default or annotation means to FastAPI; ``?`` where that is not known."""
        callee = self._types.callee(made.scope, made.call)
        if not isinstance(callee, External):
            return ("?", "")
        role = self._roles.get(callee.path, "")
        return (role, callee.path.rpartition(".")[2].lower())

    def _marks(self, scope: Function, parameter: Parameter) -> Iterator[Built]:
        """The calls that say where a parameter comes from: its default, the extras of ``Annotated``."""
        if parameter.default is not None:
            yield from self._made(scope, parameter.default)
        if parameter.annotation is not None:
            where, annotation = self._definition(scope, parameter.annotation)
            for extra in _extras(annotation):
                yield from self._made(where, extra)

    def _made(self, scope: Function, expr: Expr) -> Iterator[Built]:
        found = list(self._objects.built(scope, expr))
        yield from found
        if not found and isinstance(expr, Result):
            yield Built(scope, expr.event)  # a project function whose result was not seen

    def _type_of(self, scope: Function, annotation: Expr | None) -> tuple[Function, Expr] | None:
        """The type that an annotation names, without ``Annotated``."""
        if annotation is None:
            return None
        where, expr = self._definition(scope, annotation)
        return (where, _metadata(expr)[0]) if _metadata(expr) else (where, expr)

    def _kind_of_type(self, scope: Function, annotation: Expr) -> str:
        """``request`` for the request itself, ``?`` for a name that may hide a dependency."""
        declared = self._type_of(scope, annotation)
        if declared is None:
            return ""
        where, expr = declared
        if not isinstance(expr, (Name, Attr)):
            return ""
        value = self._types.value(where, expr)
        if isinstance(value, ClassRef):
            bases = self._types.classes.known_ancestors(value.cls)
            roles = {self._roles.get(each.path, "") for each in bases if isinstance(each, External)}
            return "request" if roles & _REQUESTS else ""
        if isinstance(value, External):
            if self._roles.get(value.path) in _REQUESTS:
                return "request"
            top = value.path.partition(".")[0]
            plain = "." not in value.path or top in sys.stdlib_module_names or top in _PLAIN_LIBRARIES
            return "" if plain else "?"
        return "?" if isinstance(value, Unknown) else ""

    def _definition(self, scope: Function, expr: Expr) -> tuple[Function, Expr]:
        """What a name in an annotation is bound to: ``UserDep = Annotated[User, Depends(get_user)]``."""
        for _ in range(_HOPS):
            bound = None
            if isinstance(expr, Name):
                bound = self._types.names.binder(scope, expr.id)
            elif isinstance(expr, Attr):
                base = self._types.value(scope, expr.base)
                if isinstance(base, ModuleRef):
                    bound = self._types.names.binder(self._types.scopes[base.module][0], expr.name)
            what = bound[1][-1].what if bound is not None else None
            if bound is None or not isinstance(what, (Write, Import)):
                break
            if isinstance(what, Write):
                if what.value is None or what.how != "=":
                    break
                scope, expr = bound[1][-1].scope, what.value
                continue
            target, _ = self._types.modules.target(bound[0].module, what)
            if target is None or what.name is None:
                break
            scope, expr = self._types.scopes[target][0], Name(what.name)
        return scope, expr

    # --- signatures that are not what is written --------------------------------------------------

    def _has_other_signature(self, function: Function, outer: Function) -> bool:
        """Whether a decorator of the project may give a function another signature."""
        for decorator in function.scope.decorators:
            call = outer.scope.events[decorator.event] if isinstance(decorator, Result) else None
            value = (
                self._types.callee(outer, call)
                if isinstance(call, Call)
                else self._types.value(outer, decorator)
            )
            for option in options_of(value):
                if isinstance(option, FunctionRef) and not self._keeps_signature(option.function):
                    return True
        return False

    def _keeps_signature(self, decorator: Function) -> bool:
        """Whether a decorator returns its function itself, or a wrapper that says whom it wraps."""
        todo, wraps, returns_inner = [decorator], False, False
        while todo:
            scope = todo.pop()
            children = self._types.bindings.children(scope)
            todo += children
            returns_inner |= any(child.scope.kind == "function" for child in children)
            for event in scope.scope.events:
                if isinstance(event, Call) and last_name(event.function) in {"wraps", "update_wrapper"}:
                    wraps = True
                elif isinstance(event, Write) and last_name(event.target) == "__signature__":
                    return False
        return wraps or not returns_inner


# --- small readings -------------------------------------------------------------------------------


def _argument(call: Call, keyword: str) -> Expr | None:
    return call.arguments[0] if call.arguments else dict(call.keywords).get(keyword)


def _alias(call: Call) -> str | None:
    """The name that an input has in the request, where the call gives another; empty where unknown."""
    keywords = dict(call.keywords)
    given = keywords.get("validation_alias", keywords.get("alias"))
    if given is None or given == Const(None):
        return None
    return given.value if isinstance(given, Const) and isinstance(given.value, str) else ""


def _metadata(annotation: Expr) -> tuple[Expr, ...]:
    """The type and the extras of an ``Annotated[…]``; empty for anything else."""
    if isinstance(annotation, Op) and annotation.kind == "subscript" and len(annotation.operands) == 2:
        base, index = annotation.operands
        if last_name(base) == "Annotated" and isinstance(index, Container):
            return index.items
    return ()


def _extras(annotation: Expr) -> tuple[Expr, ...]:
    return _metadata(annotation)[1:]


def _is_dataclass(cls: Class) -> bool:
    names = {last_name(each) for each in cls.scope.decorators if not isinstance(each, Result)}
    return "dataclass" in names
