"""A mutable default is shared by all calls or all instances.

## What it does

Finds parameters whose default is a list, dict, set or another mutable container, and attributes of classes
that are such defaults: of attrs classes, of dataclasses without an annotation, of plain classes with the
annotation of a field. Medium is what the code changes: an item set, `append`, `update`, `+=`, also in the
function that it is passed to or through the attribute that keeps it; the finding stands at the first such
place, further ones are members. Low, at the definition, is what is handed out, passed on or not used yet.

## Why is this bad

The default is made once, when the `def` or `class` runs. What one request puts into it the next one finds
there: data of one user in the answer to another, and a list that only grows.

## How to fix

Default to `None` and make the container in the body, or copy it before it is changed; in a class, make it in
`__init__` or give a `default_factory`:

```python
def tagged(item: Item, tags: list[str] | None = None) -> Item:
    tags = [] if tags is None else tags
```

## What it leaves alone

- Defaults that are only read, or that are rebound to a copy first (`tags = list(tags)`, `tags = tags or []`).
- Changes that the empty default never sees: under `if tags:`, after `if not tags: return`, in a loop over it.
- Route handlers and their dependencies: the framework copies the default for each request.
- A parameter that is a cache on purpose (`_cache={}`, `memo={}`), and annotations that allow no change
  (`Sequence`, `Mapping`).
- Fields of pydantic models, and dataclasses' annotated ones, which copy or refuse such defaults.
- `ClassVar`, `Final`, classes with bases that are not seen, and registries that are changed through `cls`.
- Functions defined in functions: their default lives as long as the call around it.

## References

- [The Python tutorial: default argument values](https://docs.python.org/3/tutorial/controlflow.html#default-argument-values)
- ruff B006, RUF012
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import msgspec

from archguard.model.facts import (
    Attr,
    Call,
    Const,
    Container,
    Expr,
    Name,
    Op,
    Result,
    Scope,
    Write,
)
from archguard.model.finding import Confidence, Finding, Fix, Hop, Member, Severity
from archguard.model.lookups import bound_value, contains, last_name
from archguard.model.mutation import is_container, is_empty
from archguard.model.place import Span
from archguard.model.program import Context, Function, Lazy, Program, events_of
from archguard.model.rule import Effort, Meta
from archguard.model.sharing import Change, changes, is_only_read
from archguard.model.spelling import spell
from archguard.model.values import External

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

_ATTRS = {
    "attr.s", "attr.attrs", "attr.dataclass", "attr.define", "attr.mutable", "attr.frozen",
    "attrs.define", "attrs.mutable", "attrs.frozen",
}  # fmt: skip
_UNCHANGING = {
    "Sequence", "Mapping", "AbstractSet", "Iterable", "Collection", "Container", "Sized", "Iterator",
    "ClassVar", "Final",
}  # fmt: skip
_DATACLASS = "dataclasses.dataclass"
_PLAIN_BASES = {"abc.ABC", "builtins.object", "object", "typing.Generic"}
_WRAPPERS = {"Annotated", "Optional", "Union"}


class _Default(msgspec.Struct, frozen=True):
    """A default that may be shared: the scope it is made in, what it is, and what it is called there."""

    maker: Function
    value: Expr
    name: str

    @property
    def empty(self) -> bool:
        return is_empty(self.maker.scope, self.value)

    @property
    def spelled(self) -> str:
        return spell(self.maker.scope, self.value)


def check(program: Program) -> Iterator[Finding]:
    """Each shared default that is changed, or that nothing keeps from being, in the order of modules."""
    built = Lazy(lambda: _built(program))
    for module in program.reviewed():
        if module.role in {"source", "script"}:
            for function in program.scopes[module]:
                if function.scope.kind == "function" and function.scope.parameters:
                    yield from _of_function(program, function)
                elif function.scope.kind == "class":
                    yield from _of_class(program, built, function)


def _is_injected(program: Program, function: Function) -> bool:
    """Whether it is a handler or a dependency: the framework calls it with a copy of each default."""
    contexts = program.contexts.get()
    return any(
        root.function is function and root.kind in {"route", "dependency"}
        for flag in contexts.of(function) & (Context.LOOP | Context.THREADPOOL)
        for root in contexts.roots(function, flag)
    )


# --- parameters ---------------------------------------------------------------------------------------


def _of_function(program: Program, function: Function) -> Iterator[Finding]:
    outer = program.parent(function)
    if outer is None or outer.scope.kind in {"function", "lambda"}:
        return
    for parameter in function.scope.parameters:
        if parameter.default is None or _is_cache(parameter.name):
            continue
        default = _default(program, outer, parameter.name, parameter.default)
        if default is None or _is_injected(program, function):
            continue
        uses = list(changes(program, function, Name(parameter.name), empty=default.empty, deep=True))
        if uses:
            yield _changed(function, default, uses, "calls", f"def {function.scope.name}(…)")
        elif (
            default.value is parameter.default
            and not _allows_no_change(outer.scope, parameter.annotation)
            and not is_only_read(program, function, parameter.name, empty=default.empty)
        ):
            yield _unchanged(function, default, function.header, "calls")


def _default(program: Program, outer: Function, name: str, value: Expr) -> _Default | None:
    """The container that is a default, also where a module's constant names it."""
    if is_container(outer.scope, value):
        return _Default(outer, value, name)
    if isinstance(value, Name):
        body = program.scope(outer.module, 0)
        constant = bound_value(body, value.id)
        if constant is not None and is_container(body.scope, constant):
            return _Default(body, constant, name)
    return None


def _is_cache(name: str) -> bool:
    return name.startswith("_") or "cache" in name or "memo" in name


def _allows_no_change(scope: Scope, annotation: Expr | None) -> bool:
    """Whether an annotation names only types without methods that change them."""
    if isinstance(annotation, Op) and annotation.kind == "subscript":
        if last_name(annotation.operands[0]) not in _WRAPPERS:
            return _allows_no_change(scope, annotation.operands[0])
        inner = annotation.operands[1]
        options = inner.items if isinstance(inner, Container) else (inner,)
        if last_name(annotation.operands[0]) == "Annotated":
            options = options[:1]
        return all(each == Const(None) or _allows_no_change(scope, each) for each in options)
    if isinstance(annotation, Op) and annotation.kind == "bin|":
        return all(each == Const(None) or _allows_no_change(scope, each) for each in annotation.operands)
    if isinstance(annotation, Attr) and annotation.name == "Set":
        return last_name(annotation.base) == "abc"
    return last_name(annotation) in _UNCHANGING


# --- attributes of classes ----------------------------------------------------------------------------


def _of_class(program: Program, built: Lazy[Counter[str]], body: Function) -> Iterator[Finding]:
    containers = [
        (write, _Default(body, write.value, write.target.id))
        for _, write in events_of(body, Write)
        if isinstance(write.target, Name)
        and write.value is not None
        and is_container(body.scope, write.value)
    ]
    kind = _kind(program, body) if containers else ""
    if not kind:
        return
    functions = (each for each in program.scopes[body.module] if each.owner is not None)
    methods = [each for each in functions if each.owner is not None and each.owner.index == body.index]
    for write, default in containers:
        refused = kind == "dataclass" and write.annotation is not None
        attribute = Attr(Name("self"), default.name)
        if refused or default.name.startswith("__") or _allows_no_change(body.scope, write.annotation):
            continue
        if any(each.target == attribute for method in methods for _, each in events_of(method, Write)):
            continue  # every instance gets one of its own
        if _is_of_the_class(body, methods, default.name):
            continue
        uses = [
            use
            for method in methods
            for use in changes(program, method, attribute, empty=default.empty, deep=False)
        ]
        shown = f"{default.name} = {default.spelled}"
        if uses and built.get()[body.scope.name] > 1:
            yield _changed(body, default, uses, "instances", shown)
        elif kind != "plain" or (write.annotation is not None and default.empty):
            yield _unchanged(body, default, body.module.span(write.place), "instances")


def _built(program: Program) -> Counter[str]:
    """How often each name is called: once for each place in a module's body, twice for one in a function."""
    found: Counter[str] = Counter()
    for scopes in program.scopes.values():
        for scope in scopes:
            weight = 1 if scope.scope.kind == "module" else 2
            for _, call in events_of(scope, Call):
                found[last_name(call.function)] += weight
    return found


def _kind(program: Program, body: Function) -> str:
    """What makes a class's instances: ``attrs``, ``dataclass``, ``plain``; empty if that is not seen."""
    cls = program.classes.get(body.qualname)
    outer = program.parent(body)
    if cls is None or outer is None or body.scope.keywords:
        return ""
    names = {_decorator(program, outer, each) for each in body.scope.decorators}
    if names & _ATTRS:
        return "attrs"
    ancestors = program.types.ancestors(cls)
    bases = [each.path for each in ancestors or () if isinstance(each, External)]
    if ancestors is None or not _PLAIN_BASES.issuperset(bases) or names - {_DATACLASS}:
        return ""
    return "dataclass" if names else "plain"


def _is_of_the_class(body: Function, methods: list[Function], name: str) -> bool:
    """Whether the methods reach an attribute through the class, and so mean to share it."""
    shared = [Attr(Name(owner), name) for owner in ("cls", body.scope.name)]
    return any(
        contains(event, each) for method in methods for event in method.scope.events for each in shared
    )


def _decorator(program: Program, outer: Function, decorator: Expr) -> str:
    """The full name of a decorator, or as it is written where nothing imports it."""
    call = outer.scope.events[decorator.event] if isinstance(decorator, Result) else None
    target = call.function if isinstance(call, Call) else decorator
    value = program.types.value(outer, target)
    return value.path if isinstance(value, External) else spell(outer.scope, target)


# --- findings -----------------------------------------------------------------------------------------


def _changed(function: Function, default: _Default, uses: list[Change], who: str, shown: str) -> Finding:
    first, counts = uses[0], Counter[str]()
    members = []
    for use in uses[1:]:
        counts[use.how] += 1
        members.append(Member(f"{use.how} {counts[use.how]}", use.how, use.span))
    return Finding(
        rule=META.id,
        key=f"{function.qualname}:{default.name}",
        span=first.span,
        message=f"The default of {default.name} is shared by all {who} of {function.label} and changed here "
        f"({first.how}): what one leaves there, the next one finds.",
        severity=Severity.MEDIUM,
        members=tuple(members),
        related=(Hop(function.header, shown),),
        fix=_fix(default, who),
    )


def _unchanged(function: Function, default: _Default, span: Span, who: str) -> Finding:
    return Finding(
        rule=META.id,
        key=f"{function.qualname}:{default.name}",
        span=span,
        message=f"The default of {default.name} ({default.spelled}) is one object for all {who} of "
        f"{function.label}: the first that changes it changes it for all.",
        severity=Severity.LOW,
        confidence=Confidence.MEDIUM,
        fix=_fix(default, who),
        surface="report",
    )


def _fix(default: _Default, who: str) -> Fix:
    if who == "instances":
        return Fix("Make it in __init__, or give the field a factory.")
    name, empty = default.name, default.spelled
    return Fix(
        "Default to None and make the container in the body.",
        f"{name} = {empty} if {name} is None else {name}",
    )
