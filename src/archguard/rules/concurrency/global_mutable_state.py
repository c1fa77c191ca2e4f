"""Requests or threads lose each other's changes to an object of a module, or let it grow for ever.

## What it does

Finds containers on modules and names declared `global` that are changed after start-up, in route handlers,
tasks or threads or in what they call, where that goes wrong inside one process:

- *lost updates*: what is written depends on what was read, and another thread, or another request during an
  `await`, may write in between (`count += 1`, `hits[key] = hits.get(key, 0) + 1`, read, then set anew);
- *stale entries*: an entry is looked for, then deleted after an `await` or beside other threads;
- *growth*: a list, set or deque to which requests only ever add.

One finding for each object; each place is a member.

## Why is this bad

All requests of the process share the object. Two that run at once overwrite each other's counts, or the
second fails on an entry that the first took away; a list to which every request adds fills the memory until
the process is killed.

## How to fix

Keep what must be counted or shared in the database or Redis, what belongs to one request in the request or a
`ContextVar`. What belongs to the process needs a lock around reading and writing, and a bound.

## What it leaves alone

- Constants, registries that are filled while modules are imported, and what only start-up, commands, tests or
  one background thread change.
- Tables keyed by an argument (caches, locks, connections), and values that are set without being read.
- `ContextVar`, `threading.local`, metrics, sessions and other library objects, which mean to be used so.
- Changes under a lock, here or around every call; on one event loop, changes with no `await` between.
- Singletons that are built at their first use (AG0909); what several workers do not share (AG0510).

## References

- [asyncio: synchronization primitives](https://docs.python.org/3/library/asyncio-sync.html)
- [The twelve-factor app: processes](https://12factor.net/processes)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec

from archguard.model.facts import Attr, Await, Call, Const, Event, Expr, Name, Op, Read, Result, Scope, Write
from archguard.model.finding import Confidence, Finding, Fix, Hop, Member, Severity
from archguard.model.lookups import around, last_name, mentions, numbered
from archguard.model.mutation import REMOVALS, change_of, is_container
from archguard.model.place import Place
from archguard.model.program import Context, Edge, Function, Module, Program, events_of
from archguard.model.rule import Effort, Meta

META = Meta(
    id="AG0903",
    severity=Severity.MEDIUM,
    surface="report",
    scope="program",
    effort=Effort(base=3, per_place=0.5),
    impact=("correctness", "reliability", "scalability"),
    risk="Concurrent changes are lost or fail, and what only grows fills the memory.",
    rollout="Move the state behind an interface first, then change where it is kept, one reader at a time.",
)

Owner = tuple[Module, str]
Harm = Literal["lost", "stale", "grows", "shrinks", ""]
_LOOP = Context.LOOP
_REPEATED = Context.LOOP | Context.THREADPOOL | Context.WORKER
_LOCKING = ("lock", "mutex", "semaphore")
_ADDING = {"append()", "appendleft()", "extend()", "extendleft()", "insert()", "add()"}
_READERS = {"len", "list", "sorted", "set", "tuple", "enumerate", "str", "any", "all", "sum", "print"}
_FAILING = {"item deleted", "remove()", "pop()"}
_SAYS = {
    "lost": "concurrent updates are lost",
    "stale": "the entry may be gone by then, and the second request fails",
    "grows": "nothing ever takes anything out of it, so it grows until the process ends",
}


class _Use(msgspec.Struct, frozen=True):
    """One place that changes the object, and the harm that it does."""

    function: Function
    place: Place
    how: str
    harm: Harm


def check(program: Program) -> Iterator[Finding]:
    """One finding for each module object that requests, tasks or threads damage."""
    tables = {module: _containers(program, module) for module in program.modules.values()}
    imported = {(each.importer, each.place, each.name): each.imported for each in program.imports}
    uses: dict[Owner, list[_Use]] = {}
    for module, scopes in program.scopes.items():
        if module.role != "source":
            continue
        seen = _visible(module, tables, imported)
        for function in scopes:
            if function.scope.kind in {"function", "lambda"} and (seen or function.scope.globals):
                for owner, use in _changes(program, function, seen):
                    uses.setdefault(owner, []).append(use)
    for (module, name), found in sorted(uses.items(), key=lambda item: (item[0][0].path, item[0][1])):
        shrinks = any(use.harm == "shrinks" for use in found)
        harmless = {"", "shrinks", "grows"} if shrinks else {""}
        harmful = [use for use in found if use.harm not in harmless]
        if harmful:
            yield _finding(program, module, name, harmful)


# --- which objects ------------------------------------------------------------------------------------


def _containers(program: Program, module: Module) -> set[str]:
    """The names of a module that hold a container without a bound."""
    if module.role != "source":
        return set()
    body = program.scopes[module][0].scope
    return {
        write.target.id
        for _, write in events_of(program.scopes[module][0], Write)
        if isinstance(write.target, Name)
        and write.value is not None
        and is_container(body, write.value)
        and not _is_bounded(body, write.value)
    }


def _is_bounded(scope: Scope, value: Expr) -> bool:
    call = scope.events[value.event] if isinstance(value, Result) else None
    return isinstance(call, Call) and any(name == "maxlen" for name, _ in call.keywords)


def _visible(
    module: Module, tables: dict[Module, set[str]], imported: dict[tuple[Module, Place, str | None], Module]
) -> dict[str, Owner]:
    """The names of a module under which it sees such objects, its own and imported ones."""
    found: dict[str, Owner] = {name: (module, name) for name in tables[module]}
    for each in module.facts.imports:
        source = imported.get((module, each.place, each.name))
        if source is not None and each.scope == 0 and each.name in tables.get(source, ()):
            found.setdefault(each.alias or each.name or "", (source, each.name or ""))
    return found


# --- what happens to them -----------------------------------------------------------------------------


def _changes(program: Program, function: Function, seen: dict[str, Owner]) -> Iterator[tuple[Owner, _Use]]:
    """The changes of such objects in a function; who gets hold of the object may take things out of it."""
    scope, declared = function.scope, set(function.scope.globals)
    names = {Name(name) for name in ({*seen, *declared} - (_bound_here(scope) - declared))}
    judge = _Judge(program, function)
    for index, event in enumerate(scope.events if names else ()):
        how = change_of(event, names)
        name = _base(event) if how else ""
        if isinstance(event, Write) and isinstance(event.target, Name) and event.target.id in declared:
            name, how = event.target.id, how or "set anew"
        if name:
            yield seen.get(name, (function.module, name)), judge.use(index, name, how)
        elif isinstance(event, Call) and last_name(event.function) not in _READERS:
            given = (*event.arguments, *(value for _, value in event.keywords))
            for each in names:
                if each in given or any(isinstance(value, Attr) and value.base == each for value in given):
                    owner = seen.get(each.id, (function.module, each.id))
                    yield owner, _Use(function, event.place, "handed on", "shrinks")


def _base(event: Event) -> str:
    """The name of the object that an event changes in place."""
    changed = event.function if isinstance(event, Call) else getattr(event, "target", None)
    if isinstance(changed, Op):
        changed = changed.operands[0]
    return last_name(changed.base if isinstance(changed, Attr) else changed)


def _bound_here(scope: Scope) -> set[str]:
    """The names that a function binds itself, its parameters included."""
    written = [event.target for event in scope.events if isinstance(event, Write)]
    items = [item for target in written for item in getattr(target, "items", (target,))]
    return {each.name for each in scope.parameters} | {each.id for each in items if isinstance(each, Name)}


class _Judge:
    """What the changes in one function do to other requests of the process."""

    def __init__(self, program: Program, function: Function) -> None:
        self._program, self._function = program, function
        self._contexts = program.contexts.get().of(function)

    def use(self, index: int, name: str, how: str) -> _Use:
        """A change with its harm."""
        place = self._function.scope.events[index].place
        return _Use(self._function, place, how, self._harm(index, name, how))

    def _harm(self, index: int, name: str, how: str) -> Harm:
        scope, event = self._function.scope, self._function.scope.events[index]
        removes = how in REMOVALS
        if _is_locked(self._program, self._function, event.region) or (removes and how not in _FAILING):
            return "shrinks" if removes else ""
        first = _first_read(scope, index, name)
        waits = first is not None and _waits(scope, first, index)
        apart = bool(Context.THREADPOOL & self._contexts) or (bool(_LOOP & self._contexts) and waits)
        if removes:
            forgiving = isinstance(event, Call) and how == "pop()" and len(event.arguments) != 1
            expected = any(each.kind == "try" for _, each in around(scope, event.region))
            return "stale" if apart and first is not None and not forgiving and not expected else "shrinks"
        if apart and _depends_on_itself(scope, index, name) and not _is_lazy(scope, name):
            return "lost"
        return "grows" if how in _ADDING and self._contexts & _REPEATED else ""


def _first_read(scope: Scope, index: int, name: str) -> int | None:
    """The first event up to a change that looks at the object."""
    event = scope.events[index]
    if isinstance(event, Write) and event.how == "aug":
        inside = (i for i in range(index) if scope.events[i].place.line >= event.place.line)
        return next(inside, index)
    return next((i for i in range(index) if _looks_at(scope.events[i], name)), None)


def _looks_at(event: Event, name: str) -> bool:
    if isinstance(event, Read):
        return mentions(event.value, name)
    looks = isinstance(event, Call) and mentions((event.function, event.arguments), name)
    return looks and not change_of(event, {Name(name)})


def _waits(scope: Scope, first: int, last: int) -> bool:
    """Whether anything is awaited between two events."""
    between = scope.events[first:last]
    return any(isinstance(e, Await) or (isinstance(e, Call) and e.awaited) for e in between)


def _depends_on_itself(scope: Scope, index: int, name: str) -> bool:
    """Whether what is written comes from what was read, or replaces what was looked at before."""
    event = scope.events[index]
    if not isinstance(event, Write):
        return False
    if event.how == "aug":
        return True
    copies = {name}
    for earlier in scope.events[:index]:
        if not isinstance(earlier, Write) or earlier.value is None or not isinstance(earlier.target, Name):
            continue
        if any(_comes_from(scope, earlier.value, each) for each in copies):
            copies.add(earlier.target.id)
    return event.value is not None and any(_comes_from(scope, event.value, each) for each in copies)


def _comes_from(scope: Scope, value: Expr, name: str) -> bool:
    """Whether a value is computed from a name, through the calls in it."""
    if isinstance(value, Result):
        call = scope.events[value.event]
        if not isinstance(call, Call):
            return False
        inner = (call.function, *call.arguments, *(each for _, each in call.keywords))
        return any(_comes_from(scope, each, name) for each in inner)
    if isinstance(value, Op):
        return any(_comes_from(scope, each, name) for each in value.operands)
    if isinstance(value, Attr):
        return _comes_from(scope, value.base, name)
    return mentions(value, name)


def _is_locked(program: Program, function: Function, region: int) -> bool:
    """Whether a change stands under a lock, here or around every call of the function."""
    if _under_lock(function.scope, region):
        return True
    edges = [edge for edge in program.edges_to(function) if edge.event >= 0]
    return bool(edges) and all(_call_is_locked(edge) for edge in edges)


def _call_is_locked(edge: Edge) -> bool:
    scope = edge.caller.scope
    return _under_lock(scope, scope.events[edge.event].region)


def _under_lock(scope: Scope, region: int) -> bool:
    return any(
        each.kind == "with" and each.subject is not None and _names_lock(scope, each.subject)
        for _, each in around(scope, region)
    )


def _names_lock(scope: Scope, subject: Expr) -> bool:
    if isinstance(subject, Result):
        event = scope.events[subject.event]
        return isinstance(event, Call) and _names_lock(scope, event.function)
    if isinstance(subject, Attr):
        return any(word in subject.name.lower() for word in _LOCKING) or _names_lock(scope, subject.base)
    if isinstance(subject, Op):
        return any(_names_lock(scope, each) for each in subject.operands)
    return isinstance(subject, Name) and any(word in subject.id.lower() for word in _LOCKING)


def _is_lazy(scope: Scope, name: str) -> bool:
    """Whether a function fills a name at its first use: it asks whether there is anything yet."""
    for region in scope.regions:
        test = region.subject
        asked = region.kind in {"if", "else"} and isinstance(test, Op) and mentions(test, name)
        if asked and (test.kind == "not" or Const(None) in test.operands):  # type: ignore[union-attr]
            return True
    return False


# --- the finding --------------------------------------------------------------------------------------


def _finding(program: Program, module: Module, name: str, uses: list[_Use]) -> Finding:
    first = min(uses, key=lambda use: ("lost", "stale", "grows").index(use.harm or "grows"))
    seen: dict[str, int] = {}
    members = tuple(
        Member(
            numbered(f"{use.function.qualname}:{use.how}", seen),
            f"{use.how} in {use.function.label}",
            use.function.module.span(use.place),
        )
        for use in uses
        if use is not first
    )
    return Finding(
        rule=META.id,
        key=f"{module.name}.{name}",
        span=first.function.module.span(first.place),
        message=f"{name} of module {module.name} is changed by {first.function.label} while requests run "
        f"({first.how}): {_SAYS[first.harm]}.",
        severity=Severity.HIGH if first.harm == "lost" else Severity.MEDIUM,
        confidence=Confidence.MEDIUM,
        members=members,
        related=_defined(program, module, name),
        fix=Fix(
            "Bound it, or keep it elsewhere."
            if first.harm == "grows"
            else "Hold a lock from the reading to the writing, or keep it in the database or Redis."
        ),
    )


def _defined(program: Program, module: Module, name: str) -> tuple[Hop, ...]:
    body = program.scopes[module][0]
    places = [write.place for _, write in events_of(body, Write) if write.target == Name(name)]
    return tuple(Hop(module.span(place), f"{name} = …") for place in places[:1])
