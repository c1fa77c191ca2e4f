"""A mutable default argument is changed or handed out.

## What it does

Finds parameters whose default is a list, dict, set or another mutable container, where the function
changes the container (an item set, `append`, `update`, `+=`), returns it or keeps it on an object. The
finding stands at the first such place; further ones are members.

## Why is this bad

The default is made once, when the `def` runs, and is shared by all calls. What one request puts into it
the next one finds there: data of one user in the answer to another, and a list that only grows.

## How to fix

Default to `None` and make the container in the body, or copy it before it is changed:

```python
def tagged(item: Item, tags: list[str] | None = None) -> Item:
    tags = [] if tags is None else tags
```

## What it leaves alone

- Defaults that are only read, looped over or passed on, or that are rebound to a copy first
  (`tags = list(tags)`, `tags = tags or []`).
- Route handlers and their dependencies: the framework copies the default for each request.
- A parameter that is a cache on purpose (`_cache={}`, `memo={}`).
- Fields of pydantic models and of dataclasses, which copy or refuse such defaults.
- Functions defined in functions: their default lives as long as the call around it.

## References

- [The Python tutorial: default argument values](https://docs.python.org/3/tutorial/controlflow.html#default-argument-values)
- ruff B006
"""

from __future__ import annotations

from collections.abc import Iterator

from archguard.model.facts import (
    Attr,
    Call,
    Container,
    Event,
    Expr,
    Name,
    Op,
    Parameter,
    Result,
    Return,
    Write,
    Yield,
)
from archguard.model.finding import Confidence, Finding, Fix, Hop, Member, Severity
from archguard.model.lookups import MUTATORS
from archguard.model.program import Function, Program
from archguard.model.rule import Effort, Meta
from archguard.model.spelling import spell

META = Meta(
    id="AG0915",
    severity=Severity.MEDIUM,
    surface="report",
    scope="module",
    effort=Effort(base=0.5, per_place=0.25),
    impact=("correctness", "security"),
    risk="What one call leaves in the default, every later call finds there: results mix between requests.",
    rollout="Callers that pass the argument see no change; those that do not get a fresh container.",
)

_MAKERS = {"list", "dict", "set", "defaultdict", "OrderedDict", "Counter", "deque", "bytearray"}
_DISPLAYS = {"list", "dict", "set"}
_COMPREHENSIONS = {"listcomp", "dictcomp", "setcomp"}
_Use = tuple[int, Event, str]


def check(program: Program) -> Iterator[Finding]:
    """Each default that its function changes or hands out, in the order of modules and lines."""
    handlers: set[Function] | None = None
    for module in program.reviewed():
        if module.role not in {"source", "script"}:
            continue
        for function in program.scopes[module]:
            if function.scope.kind != "function" or not function.scope.parameters:
                continue
            for parameter in _mutable(program, function):
                uses = list(_uses(function, parameter.name))
                if not uses:
                    continue
                if handlers is None:
                    handlers = _injected(program)
                if function not in handlers:
                    yield _finding(function, parameter, uses)


def _injected(program: Program) -> set[Function]:
    """Handlers and dependencies: the framework calls them with a copy of each default."""
    found = {route.handler for route in program.routes.get()}
    for edges in program.edges.get().values():
        found.update(e.callee for e in edges if e.via == "dependency" and e.callee is not None)
    return found


def _mutable(program: Program, function: Function) -> Iterator[Parameter]:
    outer = program.parent(function)
    if outer is None or outer.scope.kind == "function":
        return
    for parameter in function.scope.parameters:
        default = parameter.default
        if default is not None and _is_mutable(outer, default) and not _is_cache(parameter.name):
            yield parameter


def _is_cache(name: str) -> bool:
    return name.startswith("_") or "cache" in name or "memo" in name


def _is_mutable(outer: Function, default: Expr) -> bool:
    if isinstance(default, Container):
        return default.kind in _DISPLAYS
    if isinstance(default, Op):
        return default.kind in _COMPREHENSIONS
    event = outer.scope.events[default.event] if isinstance(default, Result) else None
    if not isinstance(event, Call):
        return False
    made = event.function
    return (made.id if isinstance(made, Name) else made.name if isinstance(made, Attr) else "") in _MAKERS


def _uses(function: Function, name: str) -> Iterator[_Use]:
    """Where the parameter is changed or handed out before it is rebound, and how."""
    names = {name}
    for index, event in enumerate(function.scope.events):
        if isinstance(event, Write):
            yield from _written(names, index, event)
            if isinstance(event.target, Name) and event.how != "aug":
                is_alias = event.how == "=" and isinstance(event.value, Name) and event.value.id in names
                if event.target.id in names and not is_alias and _is_always(function, event.region):
                    names.discard(event.target.id)
                elif is_alias:
                    names.add(event.target.id)
        elif isinstance(event, Call):
            called = event.function
            if isinstance(called, Attr) and called.name in MUTATORS and _is(called.base, names):
                yield index, event, f"{called.name}() changes it"
        elif isinstance(event, (Return, Yield)) and event.value is not None and _is(event.value, names):
            yield index, event, "it is handed out"
        if not names:
            return


def _is_always(function: Function, region: int) -> bool:
    """Whether what follows sees this rebinding: it stands in no branch but one on the value itself."""
    while region > 0:
        each = function.scope.regions[region]
        if each.kind in {"else", "case", "except", "loop-else"}:
            return False
        if each.kind == "if" and not (isinstance(each.subject, Op) and each.subject.kind in _TESTS):
            return False
        region = each.parent
    return True


_TESTS = {"not", "cmp is", "cmpis"}


def _written(names: set[str], index: int, event: Write) -> Iterator[_Use]:
    target = event.target
    if isinstance(target, Op) and target.kind == "subscript" and _is(target.operands[0], names):
        yield index, event, "an item of it is set"
    elif event.how == "aug" and _is(target, names):
        yield index, event, "it grows in place"
    elif isinstance(target, Attr | Op) and event.how == "=" and event.value and _is(event.value, names):
        yield index, event, "it is kept on an object"


def _is(expr: Expr, names: set[str]) -> bool:
    return isinstance(expr, Name) and expr.id in names


def _finding(function: Function, parameter: Parameter, uses: list[_Use]) -> Finding:
    _, first, how = next((use for use in uses if use[2] not in _HANDED), uses[0])
    changed = how not in _HANDED
    name = parameter.name
    shared = f"The default of {parameter.name} is shared by all calls of {function.label}, and {how}"
    return Finding(
        rule=META.id,
        key=f"{function.qualname}:{parameter.name}",
        span=function.module.span(first.place),
        message=f"{shared}: what one call leaves there, the next one finds.",
        severity=Severity.MEDIUM if changed else Severity.LOW,
        confidence=Confidence.HIGH if changed else Confidence.MEDIUM,
        members=tuple(_members(function, uses, first)),
        related=(Hop(function.header, f"def {function.scope.name}(… {parameter.name}= …)"),),
        fix=Fix(
            "Default to None and make the container in the body.",
            f"{name} = {_empty(function, parameter)} if {name} is None else {name}",
        ),
    )


_HANDED = {"it is handed out", "it is kept on an object"}


def _members(function: Function, uses: list[_Use], first: Event) -> Iterator[Member]:
    counts: dict[str, int] = {}
    for _, event, how in uses:
        if event is not first:
            counts[how] = counts.get(how, 0) + 1
            yield Member(f"{how} {counts[how]}", how, function.module.span(event.place))


def _empty(function: Function, parameter: Parameter) -> str:
    default = parameter.default
    return spell(function.scope, default) if isinstance(default, Container) else "[]"
