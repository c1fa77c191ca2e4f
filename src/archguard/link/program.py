"""Facts in, the linked Program out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from archguard.link.calls import ModuleCalls
from archguard.link.clients import find_clients
from archguard.link.earlier import EarlierCalls
from archguard.link.imports import module_imports
from archguard.link.kept_calls import Memory
from archguard.link.modules import ModuleTable
from archguard.link.routes import find_routes
from archguard.link.settings import find_settings
from archguard.link.tasks import find_tasks
from archguard.link.types import Resolver
from archguard.model.derived import Derived
from archguard.model.facts import FileFacts, Scope, SqlFacts
from archguard.model.place import WHOLE_FILE
from archguard.model.policy import Policy
from archguard.model.program import (
    Class,
    Edge,
    Function,
    Lazy,
    Module,
    Program,
    SecretFile,
    Service,
)
from archguard.model.sources import SourceFile


def link(
    facts: Mapping[str, FileFacts],
    files: Sequence[SourceFile],
    services: tuple[Service, ...],
    policy: Policy,
    paths: Collection[str] = (),
    *,
    derive: Callable[[Lazy[Program]], Derived],
    memory: Memory | None = None,
) -> Program:
    """Join every file's facts into one program; whatever needs an algorithm waits until it is asked.

    ``memory`` keeps the calls from run to run; what they are does not depend on it.
    """
    table = ModuleTable(files, facts, policy.src)
    scopes, functions, classes, by_index = _scopes(table)
    resolver = Resolver(table, scopes, by_index, policy)
    gaps: Counter[str] = Counter()
    earlier = EarlierCalls(resolver, functions, classes.values(), {file.path: file.digest for file in files})
    calls = Lazy(lambda: _counted(earlier.resolve(memory), gaps))
    edges = Lazy(lambda: _edges(calls.get()))
    program: list[Program] = []
    linked = Program(
        policy=policy,
        modules=table.modules,
        scopes=scopes,
        functions=functions,
        classes=classes,
        sql={path: found for path, found in sorted(facts.items()) if isinstance(found, SqlFacts)},
        services=services,
        found_imports=Lazy(lambda: module_imports(table, resolver, paths)),
        types=resolver,
        edges=edges,
        callers=Lazy(lambda: _callers(edges.get())),
        routes=Lazy(lambda: find_routes(program[0], resolver, _routers(calls.get()))),
        settings=Lazy(lambda: find_settings(program[0], resolver)),
        clients=Lazy(lambda: find_clients(program[0])),
        tasks=Lazy(lambda: find_tasks(program[0])),
        derived=derive(Lazy(lambda: program[0])),
        gaps=gaps,
        secrets=tuple(_secret_files(table, files, facts)),
    )
    program.append(linked)
    return linked


def _secret_files(
    table: ModuleTable, files: Sequence[SourceFile], facts: Mapping[str, FileFacts]
) -> Iterator[SecretFile]:
    """The files that have secrets, in the order of their paths."""
    for file in sorted(files):
        found = facts.get(file.path)
        if found is not None and found.secrets:
            yield SecretFile(file, found.secrets, table.by_path.get(file.path))


_UNREAD = Scope("module", "", -1, WHOLE_FILE)
"""The body of a module whose file could not be parsed: it binds nothing that is known."""


def _scopes(
    table: ModuleTable,
) -> tuple[
    dict[Module, tuple[Function, ...]],
    dict[str, Function],
    dict[str, Class],
    dict[tuple[Module, int], Class],
]:
    scopes: dict[Module, tuple[Function, ...]] = {}
    functions: dict[str, Function] = {}
    classes: dict[str, Class] = {}
    by_index: dict[tuple[Module, int], Class] = {}
    for module in table.modules.values():
        names: list[str] = []
        linked: list[Function] = []
        for index, scope in enumerate(module.facts.scopes or (_UNREAD,)):
            if scope.parent < 0:
                name = module.name
            else:
                name = f"{names[scope.parent]}.{scope.name or '<lambda>'}"
                name = _unique(name, functions)
            names.append(name)
            owner = by_index.get((module, scope.parent)) if scope.kind in {"function", "lambda"} else None
            function = Function(name, module, index, scope, owner)
            if scope.kind == "class":
                cls = Class(name, module, index, scope)
                classes[name] = by_index[module, index] = cls
            functions[name] = function
            linked.append(function)
        scopes[module] = tuple(linked)
    return scopes, functions, classes, by_index


def _unique(name: str, taken: Mapping[str, Function]) -> str:
    if name not in taken:
        return name
    number = 2
    while f"{name}#{number}" in taken:
        number += 1
    return f"{name}#{number}"


def _counted(calls: Mapping[Module, ModuleCalls], gaps: Counter[str]) -> Mapping[Module, ModuleCalls]:
    for each in calls.values():
        gaps.update(each.gaps)
    return calls


def _edges(calls: Mapping[Module, ModuleCalls]) -> Mapping[Function, tuple[Edge, ...]]:
    return {function: found for each in calls.values() for function, found in each.edges.items()}


def _routers(calls: Mapping[Module, ModuleCalls]) -> dict[Function, tuple[int, ...]]:
    return {function: events for each in calls.values() for function, events in each.routers.items()}


def _callers(edges: Mapping[Function, tuple[Edge, ...]]) -> Mapping[Function, tuple[Edge, ...]]:
    found: dict[Function, list[Edge]] = {}
    for calls in edges.values():
        for edge in calls:
            if edge.callee is not None:
                found.setdefault(edge.callee, []).append(edge)
    return {function: tuple(calls) for function, calls in found.items()}
