"""Requests, tasks or threads change state of a module.

## What it does

Finds containers on modules (a list, dict, set), objects of the project's own classes without a lock, and
names declared `global`, that are changed after start-up: in route handlers, background tasks or threads, or
in what they call. One finding for each such object; each place that writes is a member.

## Why is this bad

Every request of the process shares the object, and no other process sees it: two workers answer
differently, a restart forgets, and tests influence one another. Where threads write, or an `await` stands
between reading and writing, updates are lost.

## How to fix

Keep what must survive or be shared in the database or Redis, what belongs to one request in the request
or a `ContextVar`, and what belongs to the process on an object that is made in the lifespan and guards
itself with a lock.

## What it leaves alone

- Constants, and registries that are filled while modules are imported.
- What is assigned at start-up, in the lifespan, in commands and in tests.
- `ContextVar`, `threading.local`, metrics, sessions and other library objects, which mean to be used so.
- Writes under a lock, and classes that hold one.
- Singletons that are built at their first use (AG0909).

## References

- [The twelve-factor app: processes](https://12factor.net/processes)
- pylint W0603
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from archguard.model.facts import Attr, Await, Call, Container, Expr, Name, Op, Result, Scope, Write
from archguard.model.finding import Confidence, Finding, Fix, Hop, Member, Severity
from archguard.model.lookups import MUTATORS, mentions
from archguard.model.place import Place
from archguard.model.program import Context, Function, Module, Program
from archguard.model.rule import Effort, Meta
from archguard.model.values import ClassRef, External, Instance

META = Meta(
    id="AG0903",
    severity=Severity.MEDIUM,
    surface="report",
    scope="program",
    effort=Effort(base=4, per_place=0.5),
    impact=("correctness", "scalability", "reliability"),
    risk="Several workers answer differently, a restart forgets, and concurrent updates are lost.",
    rollout="Move the state behind an interface first, then change where it is kept, one reader at a time.",
)

_LOOP = Context.LOOP | Context.WORKER
_THREADS = Context.THREADPOOL | Context.THREAD
_SERVING = _LOOP | _THREADS
_MAKERS = {
    "dict", "list", "set", "collections.defaultdict", "collections.OrderedDict", "collections.Counter",
    "collections.deque", "builtins.dict", "builtins.list", "builtins.set",
}  # fmt: skip
_DISPLAYS = {"dict", "list", "set", "listcomp", "dictcomp", "setcomp"}
_LOCKING = ("lock", "mutex", "semaphore")


class _Use(msgspec.Struct, frozen=True):
    """One place that changes the object; ``racy``: it reads what it writes."""

    function: Function
    place: Place
    how: str
    racy: bool


_Owner = tuple[Module, str]


def check(program: Program) -> Iterator[Finding]:
    """One finding for each module object that requests, tasks or threads change."""
    contexts = program.contexts.get()
    objects = {module: dict(_objects(program, module)) for module in program.modules.values()}
    names = {module: _visible(program, module, objects) for module in program.modules.values()}
    uses: dict[_Owner, list[_Use]] = {}
    for module, scopes in program.scopes.items():
        if module.role != "source":
            continue
        seen = names[module]
        for function in scopes:
            if function.scope.kind not in {"function", "lambda"}:
                continue
            if (seen or function.scope.globals) and contexts.of(function) & _SERVING:
                for owner, use in _changes(function, seen):
                    uses.setdefault(owner, []).append(use)
    for (module, name), found in sorted(uses.items(), key=lambda item: (item[0][0].path, item[0][1])):
        yield _finding(program, module, name, found)


def _objects(program: Program, module: Module) -> Iterator[tuple[str, Place]]:
    """The names of a module that hold a built-in container or an object of a project class."""
    if module.role != "source":
        return
    body = program.scopes[module][0]
    for event in body.scope.events:
        if not isinstance(event, Write) or not isinstance(event.target, Name) or event.how != "=":
            continue
        if event.value is not None and _is_mutable(program, body, event.value):
            yield event.target.id, event.place


def _is_mutable(program: Program, body: Function, value: Expr) -> bool:
    if isinstance(value, (Container, Op)):
        return value.kind in _DISPLAYS
    call = body.scope.events[value.event] if isinstance(value, Result) else None
    if not isinstance(call, Call):
        return False
    made = program.types.callee(body, call)
    if isinstance(made, External):
        return made.path in _MAKERS
    if isinstance(made, Instance) and isinstance(made.of, External):
        return made.of.path in _MAKERS
    if isinstance(call.function, Name) and call.function.id in {"dict", "list", "set"}:
        return True
    return isinstance(made, ClassRef) and not _has_lock(program, made)


def _has_lock(program: Program, made: ClassRef) -> bool:
    known = program.types.attributes(made.cls)
    return known is None or any(word in name.lower() for name in known for word in _LOCKING)


def _visible(program: Program, module: Module, objects: dict[Module, dict[str, Place]]) -> dict[str, _Owner]:
    """The names of a module under which it sees such objects, its own and imported ones."""
    found: dict[str, _Owner] = {name: (module, name) for name in objects[module]}
    for each in module.facts.imports:
        if each.name is None or each.scope != 0:
            continue
        source = _source(program, module, each.module, each.level)
        if source is not None and each.name in objects.get(source, ()):
            found.setdefault(each.alias or each.name, (source, each.name))
    return found


def _source(program: Program, module: Module, name: str, level: int) -> Module | None:
    if level:
        base = module.name.split(".")
        kept = base[: len(base) - level + module.package]
        name = ".".join([*kept, name] if name else kept)
    return program.modules.get(name)


def _changes(function: Function, seen: dict[str, _Owner]) -> Iterator[tuple[_Owner, _Use]]:
    scope = function.scope
    declared = set(scope.globals)
    hidden = _bound_here(scope) - declared
    for event in scope.events:
        if isinstance(event, Write):
            name, how = _written(event, declared)
            racy = event.how == "aug" or (event.value is not None and mentions(event.value, name))
        elif isinstance(event, Call) and isinstance(event.function, Attr):
            base = event.function.base
            name = base.id if isinstance(base, Name) and event.function.name in MUTATORS else ""
            how, racy = f"{event.function.name}()", False
        else:
            continue
        if not name or name in hidden or _is_locked(scope, event.region):
            continue
        if how == "rebound":
            if event.how == "=" and _is_lazy(scope, event.region, name):  # type: ignore[union-attr]
                continue
            owner: _Owner | None = (function.module, name)
        else:
            owner = seen.get(name)
        if owner is not None:
            yield owner, _Use(function, event.place, how, racy)


def _written(event: Write, declared: set[str]) -> tuple[str, str]:
    """The name that a write changes, and how; empty where it changes none of a module."""
    target = event.target
    if isinstance(target, Name):
        return (
            (target.id, "rebound") if target.id in declared and event.how in {"=", "aug", "del"} else ("", "")
        )
    if isinstance(target, Op) and target.kind == "subscript" and isinstance(target.operands[0], Name):
        return target.operands[0].id, "item deleted" if event.how == "del" else "item set"
    if isinstance(target, Attr) and isinstance(target.base, Name):
        return target.base.id, f"{target.name} set"
    return "", ""


def _bound_here(scope: Scope) -> set[str]:
    """The names that a function binds itself, its parameters included."""
    found = {parameter.name for parameter in scope.parameters}
    for event in scope.events:
        if isinstance(event, Write):
            target = event.target
            items = target.items if isinstance(target, Container) else (target,)
            found.update(item.id for item in items if isinstance(item, Name))
    return found


def _is_locked(scope: Scope, region: int) -> bool:
    while region > 0:
        each = scope.regions[region]
        if each.kind == "with" and each.subject is not None and _names_lock(scope, each.subject):
            return True
        region = each.parent
    return False


def _names_lock(scope: Scope, subject: Expr) -> bool:
    if isinstance(subject, Result):
        event = scope.events[subject.event]
        return isinstance(event, Call) and _names_lock(scope, event.function)
    if isinstance(subject, Attr):
        return any(word in subject.name.lower() for word in _LOCKING) or _names_lock(scope, subject.base)
    return isinstance(subject, Name) and any(word in subject.id.lower() for word in _LOCKING)


def _is_lazy(scope: Scope, region: int, name: str) -> bool:
    """Whether a global is filled at its first use: under a test of it, or after one that leaves."""
    del region
    return any(
        each.kind in {"if", "else"} and each.subject is not None and mentions(each.subject, name)
        for each in scope.regions
    )


def _finding(program: Program, module: Module, name: str, uses: list[_Use]) -> Finding:
    contexts = program.contexts.get()
    threads = [use for use in uses if contexts.of(use.function) & _THREADS]
    lost = [use for use in uses if use.racy and (use in threads or _awaits_between(use))]
    first = (lost or uses)[0]
    who = "threads" if threads else "requests and tasks"
    tail = "; concurrent updates are lost" if lost else "; other processes do not see it"
    return Finding(
        rule=META.id,
        key=f"{module.name}.{name}",
        span=first.function.module.span(first.place),
        message=f"{name} of module {module.name} is shared state that {who} change ({first.how} "
        f"in {first.function.label}){tail}.",
        severity=Severity.HIGH if lost else Severity.MEDIUM,
        confidence=Confidence.HIGH if lost else Confidence.MEDIUM,
        members=tuple(_members(uses)),
        related=_defined(program, module, name),
        fix=Fix(
            "Keep it in the database or Redis, in the request, or on an object of the lifespan with a lock."
        ),
    )


def _awaits_between(use: _Use) -> bool:
    """Whether the very statement waits between reading and writing."""
    return any(
        event.place.line == use.place.line
        and (isinstance(event, Await) or (isinstance(event, Call) and event.awaited))
        for event in use.function.scope.events
    )


def _members(uses: list[_Use]) -> Iterator[Member]:
    counts: dict[str, int] = {}
    for use in uses:
        key = f"{use.function.qualname}:{use.how}"
        counts[key] = counts.get(key, 0) + 1
        number = f":{counts[key]}" if counts[key] > 1 else ""
        label = f"{use.how} in {use.function.label}"
        yield Member(key + number, label, use.function.module.span(use.place))


def _defined(program: Program, module: Module, name: str) -> tuple[Hop, ...]:
    for event in program.scopes[module][0].scope.events:
        if isinstance(event, Write) and event.target == Name(name):
            return (Hop(module.span(event.place), f"{name} = …"),)
    return ()
