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

from archguard.model.certainty import absent_attributes, misfitting_calls
from archguard.model.facts import Call, Read
from archguard.model.finding import Finding, Fix, Hop, Severity
from archguard.model.handlers import BROAD, handler_around
from archguard.model.program import Class, Function, ModuleImport, Program
from archguard.model.rule import Effort, Meta

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


def check(program: Program) -> Iterator[Finding]:
    """Missing imports first, then attributes and calls, in the order of modules and lines."""
    reviewed = set(program.reviewed())
    for each in program.imports:
        if each.missing and each.importer in reviewed and _is_meant(each):
            yield _missing_import(program, each)
    for module in program.reviewed():
        if module.role in {"source", "script"}:
            for function in program.scopes[module]:
                for event, cls, name in absent_attributes(program, function):
                    yield _missing_attribute(function, event, cls, name)
                for call, callee, problem in misfitting_calls(program, function):
                    yield _misfit(function, call, callee, problem)


def _is_meant(each: ModuleImport) -> bool:
    """Whether an import runs, in production code, without a plan for its failure."""
    return (
        not each.guarded and not each.typing_only and each.importer.role in {"source", "script", "migration"}
    )


def _missing_import(program: Program, each: ModuleImport) -> Finding:
    what = f"{'module' if each.missing == 'module' else 'name'} {each.name}"
    when = "when this function runs" if each.deferred else "when the module is imported"
    critical = not each.deferred and each.importer.role == "source"
    return Finding(
        rule=META.id,
        key=f"{each.importer.name}:{each.imported.name}.{each.name}",
        span=each.importer.span(each.place),
        message=f"The import fails {when}: module {each.imported.name} has no {what}.",
        severity=Severity.CRITICAL if critical else Severity.HIGH,
        related=(Hop(program.scopes[each.imported][0].header, f"{each.imported.name} as it is"),),
        fix=Fix(f"Define {each.name} in {each.imported.path}, or import it from where it is."),
    )


def _missing_attribute(function: Function, event: Read | Call, cls: Class, name: str) -> Finding:
    owner = cls.scope.name
    return Finding(
        rule=META.id,
        key=f"{function.qualname}:{cls.qualname}.{name}",
        span=function.module.span(event.place),
        message=f"{owner} has no attribute {name}: this raises AttributeError when it runs."
        + _hidden(function, event),
        severity=Severity.HIGH,
        related=(Hop(cls.span, f"class {owner}"),),
        fix=Fix(f"Define {name} on {owner}, or use the attribute that is meant."),
    )


def _misfit(function: Function, call: Call, callee: Function, problem: str) -> Finding:
    return Finding(
        rule=META.id,
        key=f"{function.qualname}:{callee.qualname}()",
        span=function.module.span(call.place),
        message=f"{callee.label} {problem}: this raises TypeError when it runs.{_hidden(function, call)}",
        severity=Severity.HIGH,
        related=(Hop(callee.header, f"def {callee.scope.name}"),),
        fix=Fix(f"Call {callee.label} as it is defined, or extend its parameters."),
    )


def _hidden(function: Function, event: Read | Call) -> str:
    handler = handler_around(function.scope, event.region, BROAD)
    return f" The except at line {handler.place.line} hides the failure." if handler else ""
