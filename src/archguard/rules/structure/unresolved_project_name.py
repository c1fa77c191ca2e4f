"""A name of the project that is not there.

## What it does

Finds imports of a name that the project's own module does not define, imports of a project module that
does not exist, attributes that a project class does not have, and calls of project functions with
arguments they do not take.

## Why is this bad

The service fails with `ImportError`, `AttributeError` or `TypeError` when the line runs: at start-up, or
on the first request that takes this path. Around a broad `except` it fails silently instead.

## How to fix

Correct the name, or add what is missing. If the name was moved, import it from its new home.

## What it leaves alone

- Attributes and calls unless the class and all its bases are the project's own and fully seen (no
  metaclass, `__getattr__`, `setattr`, `__dict__`, unknown decorator), and the receiver was seen to be
  constructed or is `self` in a class without subclasses that is no mixin; attributes assigned from
  outside count.
- Whatever stands under `hasattr`, `getattr` or an `except AttributeError`, and functions with decorators.
- Functions called by another name than their own (a `functools.partial` of them, one of several).
- Star imports, conditional definitions, imports guarded by `except ImportError` or by a look whether the
  file is there, imports for type checking only, generated modules (`_version`, `_pb2`), compiled modules
  and stubs, namespace packages, submodules imported by name, modules with `__getattr__` or names set by
  `globals()` or `exec`.

## References

- [The import statement](https://docs.python.org/3/reference/simple_stmts.html#the-import-statement)
"""

from __future__ import annotations

from collections.abc import Iterator

from archguard.model.facts import (
    Attr,
    Call,
    Const,
    Expr,
    Name,
    Op,
    Parameter,
    Read,
    Region,
    Result,
    Scope,
)
from archguard.model.finding import Finding, Fix, Hop, Severity
from archguard.model.lookups import caught_by, handlers_of, last_name
from archguard.model.program import Class, Function, ModuleImport, Program
from archguard.model.rule import Effort, Meta
from archguard.model.values import ClassRef, FunctionRef, Instance, Unknown

META = Meta(
    id="AG0103",
    severity=Severity.HIGH,
    surface="report",
    scope="module",
    effort=Effort(base=1, per_place=0.25),
    impact=("correctness", "reliability"),
    risk="The line raises when it runs: at start-up, or in the first request that takes this path.",
    rollout="The code cannot have worked before; callers gain what they asked for.",
)

_BROAD = {"Exception", "BaseException", ""}


def check(program: Program) -> Iterator[Finding]:
    """Missing imports first, then attributes and calls, in the order of modules and lines."""
    reviewed = set(program.reviewed())
    for each in program.imports:
        if (
            each.missing
            and each.importer in reviewed
            and not each.guarded
            and not each.typing_only
            and _is_production(each)
        ):
            yield _missing_import(program, each)
    for module in program.reviewed():
        if module.role in {"source", "script"}:
            for function in program.scopes[module]:
                yield from _attributes(program, function)
                yield from _calls(program, function)


# --- imports ----------------------------------------------------------------------------------------


def _is_production(each: ModuleImport) -> bool:
    return each.importer.role in {"source", "script", "migration"}


def _missing_import(program: Program, each: ModuleImport) -> Finding:
    what = (
        f"module {each.imported.name} has no {'module' if each.missing == 'module' else 'name'} {each.name}"
    )
    when = "when this function runs" if each.deferred else "when the module is imported"
    critical = not each.deferred and each.importer.role == "source"
    return Finding(
        rule=META.id,
        key=f"{each.importer.name}:{each.imported.name}.{each.name}",
        span=each.importer.span(each.place),
        message=f"The import fails {when}: {what}.",
        severity=Severity.CRITICAL if critical else Severity.HIGH,
        related=(Hop(program.scopes[each.imported][0].header, f"{each.imported.name} as it is"),),
        fix=Fix(f"Define {each.name} in {each.imported.path}, or import it from where it is."),
    )


# --- attributes -------------------------------------------------------------------------------------


def _attributes(program: Program, function: Function) -> Iterator[Finding]:
    scope = function.scope
    seen: set[tuple[str, str]] = set()
    for event in scope.events:
        if type(event) is not Read and type(event) is not Call:
            continue
        expr: Expr = event.value if type(event) is Read else event.function  # type: ignore[union-attr]
        if type(event) is Call and type(expr) is Attr and _is_known(program, function, event):
            expr = expr.base  # what the call means is known, so the attribute is there
        while type(expr) is Attr:
            cls = _certain_class(program, function, expr.base)
            if cls is not None and (cls.qualname, expr.name) not in seen:
                known = program.types.attributes(cls)
                if (
                    known is not None
                    and expr.name not in known
                    and not expr.name.startswith("__")
                    and not _is_guarded(scope, event.region)
                    and not _is_asked_for(scope, expr.name)
                ):
                    seen.add((cls.qualname, expr.name))
                    yield _missing_attribute(function, event, cls, expr.name)
            expr = expr.base


def _is_known(program: Program, function: Function, call: Call) -> bool:
    return type(program.types.callee(function, call)) is not Unknown


def _certain_class(program: Program, function: Function, base: Expr) -> Class | None:
    """The class of a receiver that was seen to be constructed, or that is ``self``."""
    value = program.types.value(function, base)
    if type(value) is not Instance or type(value.of) is not ClassRef:
        return None
    if _is_super(function, base):
        return None  # which class comes next in the order, a subclass decides
    if value.proved:
        return value.of.cls
    cls = value.of.cls
    own = isinstance(base, Name) and function.owner is cls and "Mixin" not in cls.scope.name
    return cls if own and not program.types.subclasses(cls) else None


def _is_super(function: Function, base: Expr) -> bool:
    call = function.scope.events[base.event] if isinstance(base, Result) else None
    return isinstance(call, Call) and call.function == Name("super")


def _is_guarded(scope: Scope, region: int) -> bool:
    """Whether an enclosing test or handler expects the attribute to be absent."""
    while region > 0:
        each = scope.regions[region]
        if each.kind in {"if", "case", "else"} and _asks_for_attribute(scope, each.subject):
            return True
        if each.kind == "try" and any(
            _catches(scope.regions[h], {"AttributeError"}) for h in handlers_of(scope, region)
        ):
            return True
        region = each.parent
    return False


def _asks_for_attribute(scope: Scope, subject: Expr | None) -> bool:
    return subject is not None and any(
        isinstance(event, Call) and event.function in {Name("hasattr"), Name("getattr"), Name("isinstance")}
        for event in scope.events
    )


def _is_asked_for(scope: Scope, name: str) -> bool:
    """Whether the scope asks for the attribute by name, in whatever expression."""
    return any(
        isinstance(event, Call) and event.function == Name("hasattr") and Const(name) in event.arguments
        for event in scope.events
    )


def _catches(handler: Region, names: set[str]) -> bool:
    return any(last_name(item) in names for item in caught_by(handler) or (None,))


def _missing_attribute(function: Function, event: Read | Call, cls: Class, name: str) -> Finding:
    hidden = _hidden_by(function.scope, event.region)
    return Finding(
        rule=META.id,
        key=f"{function.qualname}:{cls.qualname}.{name}",
        span=function.module.span(event.place),
        message=f"{cls.scope.name} has no attribute {name}: this raises AttributeError when it runs.{hidden}",
        severity=Severity.HIGH,
        related=(Hop(cls.span, f"class {cls.scope.name}"),),
        fix=Fix(f"Define {name} on {cls.scope.name}, or use the attribute that is meant."),
    )


def _hidden_by(scope: Scope, region: int) -> str:
    while region > 0:
        if scope.regions[region].kind == "try":
            for handler in (scope.regions[h] for h in handlers_of(scope, region)):
                if _catches(handler, _BROAD):
                    return f" The except at line {handler.place.line} hides the failure."
        region = scope.regions[region].parent
    return ""


# --- calls ------------------------------------------------------------------------------------------


def _calls(program: Program, function: Function) -> Iterator[Finding]:
    for event in function.scope.events:
        if type(event) is not Call:
            continue
        target = program.types.callee(function, event)
        if type(target) is not FunctionRef or _is_open_call(event) or not _is_plain(program, target):
            continue
        if last_name(event.function) != target.function.scope.name:
            continue  # a partial of it, or one of several that a name stands for
        problem = _mismatch(event, target)
        if problem and not _is_guarded(function.scope, event.region):
            callee = target.function
            yield Finding(
                rule=META.id,
                key=f"{function.qualname}:{callee.qualname}()",
                span=function.module.span(event.place),
                message=f"{callee.label} {problem}: this raises TypeError when it runs."
                + _hidden_by(function.scope, event.region),
                severity=Severity.HIGH,
                related=(Hop(callee.header, f"def {callee.scope.name}"),),
                fix=Fix(f"Call {callee.label} as it is defined, or extend its parameters."),
            )


def _is_open_call(call: Call) -> bool:
    starred = any(isinstance(each, Op) and each.kind == "*" for each in call.arguments)
    return starred or any(name == "**" for name, _ in call.keywords)


def _is_plain(program: Program, ref: FunctionRef) -> bool:
    """Whether the function called is surely this one, with no decorator in between."""
    function, receiver = ref.function, ref.receiver
    if function.scope.decorators or function.scope.kind == "lambda" or function.scope.name == "__new__":
        return False
    if "#" in function.qualname or f"{function.qualname}#2" in program.functions:
        return False  # defined more than once: which one it is depends on the run
    if function.owner is None:
        return True
    return isinstance(receiver, Instance) and (
        receiver.proved or not program.types.subclasses(function.owner)
    )


def _mismatch(call: Call, ref: FunctionRef) -> str:
    """How the arguments do not fit, in words; empty if they do."""
    parameters = list(ref.function.scope.parameters)
    if ref.receiver is not None:
        parameters = parameters[1:]
    given = len(call.arguments)
    places = [p for p in parameters if p.kind in {"positional", "normal"}]
    if given > len(places) and not any(p.kind == "var" for p in parameters):
        return f"takes {len(places)} positional argument{'s' * (len(places) != 1)}, not {given}"
    names = {p.name for p in parameters if p.kind in {"normal", "keyword"}}
    named = [name for name, _ in call.keywords]
    if not any(p.kind == "kwargs" for p in parameters):
        for name in named:
            if name not in names:
                return f"takes no argument named {name}"
    absent = [p.name for p in _required(parameters, places[given:]) if p.name not in named]
    return f"needs the argument {absent[0]}" if absent else ""


def _required(parameters: list[Parameter], unfilled: list[Parameter]) -> list[Parameter]:
    keyword = [p for p in parameters if p.kind == "keyword"]
    return [p for p in (*unfilled, *keyword) if p.default is None]
