"""Modules that import each other.

## What it does

Finds groups of modules that import each other in a circle while they are being imported, one finding
for each group, and names the import that is cheapest to move. Each group is tried out on paper: every
one of its modules is imported first, packages before their modules, line by line. If a
`from … import name` then meets a module that has not yet come to the definition of that name, the
finding is high, and says which module has to come first for it to fail.

## Why is this bad

Whether the service starts depends on which module happens to be imported first. It works until a test,
a script, a worker or a sorted import comes from the other side, and then fails with `ImportError: cannot
import name … from partially initialized module`. Modules in a circle can also only be read, tested and
reused together.

## How to fix

Move what both sides need into a module below them, or give it to the function as an argument. Where the
name is only used in annotations, import it under `if TYPE_CHECKING:`; where it is only used inside
functions, importing it there breaks the circle, at the price of hiding the dependency.

## What it leaves alone

- Imports under `if TYPE_CHECKING:`: they never run.
- Circles that only close through imports inside functions are a low finding: they work, and are usually
  the scar of a circle that once failed.
- A module that imports its own package's `__init__`: that is under way whenever the module is imported.
- Imports guarded by `except ImportError`, star imports from unknown modules, modules with `__getattr__`.
- Tests, examples, scripts, migrations, generated and vendored code.

## References

- [Python FAQ: best practices for imports](https://docs.python.org/3/faq/programming.html#what-are-the-best-practices-for-using-import-in-a-module)
- [The import system: submodules](https://docs.python.org/3/reference/import.html#submodules)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple, Union

import msgspec

from archguard.model.facts import Container, Expr, Import, Name, Op, Write
from archguard.model.finding import Confidence, Finding, Fix, Hop, Member, Severity
from archguard.model.graph import components, shortest_way
from archguard.model.lookups import mentions
from archguard.model.place import Place
from archguard.model.program import Module, ModuleImport, Program
from archguard.model.rule import Effort, Meta

META = Meta(
    id="AG0101",
    severity=Severity.HIGH,
    surface="report",
    scope="program",
    effort=Effort(base=2, per_place=0.5),
    impact=("maintainability", "reliability"),
    risk="The next import from the other side, in a test, a script or a worker, fails at start-up.",
    rollout="Move one import at a time and start every entry point once; keep the old names importable.",
)

_TRIED = 40
"""How many modules of a circle are tried as the first; larger circles are tried in part."""

_SHOWN = 6
"""How many modules of a circle its message names; the members name them all."""

Graph = dict[Module, dict[Module, list[ModuleImport]]]


def check(program: Program) -> Iterator[Finding]:
    """A finding for each circle of imports at import time, then for each that only functions close."""
    running = _graph(program, deferred=False)
    importing = _Importing(program)
    told: set[Module] = set()
    for circle in components(running):
        told.update(circle)
        yield _finding(running, circle, importing.first_failure(circle))
    every = _graph(program, deferred=True)
    for circle in components(every):
        if not told.intersection(circle):
            yield _quiet_finding(every, circle)


# --- the graph --------------------------------------------------------------------------------------


def _graph(program: Program, *, deferred: bool) -> Graph:
    modules = sorted(program.modules.values(), key=lambda module: (module.name, module.path))
    graph: Graph = {module: {} for module in modules if module.role == "source"}
    for each in program.imports:
        runs = not each.typing_only and not each.missing and (deferred or not each.deferred)
        known = each.importer in graph and each.imported in graph and each.importer is not each.imported
        if runs and known and not _below(each.importer, each.imported) and not _only_as_script(each):
            graph[each.importer].setdefault(each.imported, []).append(each)
    return graph


def _below(importer: Module, imported: Module) -> bool:
    """Whether a module asks for its own package, which is being imported whenever the module is."""
    return imported.package and importer.path.startswith(_folder(imported) + "/")


def _folder(module: Module) -> str:
    return module.path.rpartition("/")[0]


def _only_as_script(each: ModuleImport) -> bool:
    """Whether an import stands under ``if __name__ == "__main__"`` and so never runs on import."""
    facts = each.importer.facts
    item = next((i for i in facts.imports if i.place == each.place), None)
    regions = facts.scopes[item.scope].regions if item is not None else ()
    at = item.region if item is not None else 0
    while at > 0 and not (regions[at].kind == "if" and mentions(regions[at].subject, "__name__")):
        at = regions[at].parent
    return at > 0


# --- importing on paper -----------------------------------------------------------------------------


class _Failure(NamedTuple):
    """Importing ``first`` first fails at ``at``: its module does not have ``name`` by then."""

    first: Module
    at: ModuleImport


class _Bind(NamedTuple):
    names: tuple[str, ...]


_Step = Union[_Bind, ModuleImport]


class _State(msgspec.Struct):
    bound: dict[Module, set[str]] = msgspec.field(default_factory=dict)
    running: list[Module] = msgspec.field(default_factory=list)
    failure: _Failure | None = None


class _Importing:
    """Runs imports as Python would: each module once, its package before it, line after line."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._by_path = {module.path: module for module in program.modules.values()}
        self._imports: dict[Module, list[ModuleImport]] = {}
        self._steps: dict[Module, list[_Step]] = {}
        for each in program.imports:
            if not each.deferred and not each.typing_only and not _only_as_script(each):
                self._imports.setdefault(each.importer, []).append(each)

    def first_failure(self, circle: Sequence[Module]) -> _Failure | None:
        """The first of its modules that cannot be the first to be imported."""
        inside = set(circle)
        for first in circle[:_TRIED]:
            state = _State()
            self._load(first, first, state)
            if state.failure is not None and state.failure.at.importer in inside:
                return state.failure
        return None

    def _load(self, module: Module, first: Module, state: _State) -> None:
        for each in (*self._packages(module), module):
            if each not in state.bound:
                state.bound[each] = set()
                state.running.append(each)
                self._run(each, first, state)
                state.running.pop()

    def _packages(self, module: Module) -> list[Module]:
        """The packages around a module, the outermost first."""
        folders = _folder(module).split("/")
        paths = ("/".join([*folders[:depth], "__init__.py"]) for depth in range(1, len(folders) + 1))
        return [self._by_path[path] for path in paths if path in self._by_path]

    def _run(self, module: Module, first: Module, state: _State) -> None:
        if len(state.running) > 200:
            return
        for step in self._steps_of(module):
            if isinstance(step, _Bind):
                state.bound[module].update(step.names)
                continue
            self._load(step.imported, first, state)
            if state.failure is None and self._is_missing(step, state):
                state.failure = _Failure(first, step)
            if step.name == "*":
                state.bound[module].update(state.bound[step.imported])

    def _is_missing(self, step: ModuleImport, state: _State) -> bool:
        """Whether a from-import asks a module that is half done for a name that it does not have yet."""
        target, name = step.imported, step.name
        if name is None or name == "*" or step.guarded or target not in state.running:
            return False
        inner = f"{_folder(target)}/{name}" if target.package else ""
        found = f"{inner}.py" in self._by_path or f"{inner}/__init__.py" in self._by_path
        if found or name in state.bound[target]:
            return False
        return name in self._bindable(target)

    def _bindable(self, module: Module) -> set[str]:
        """The names that its steps will bind; others may come from where facts do not see."""
        steps = self._steps_of(module)
        names = {name for step in steps if isinstance(step, _Bind) for name in step.names}
        return set() if "__getattr__" in names else names

    def _steps_of(self, module: Module) -> list[_Step]:
        if module not in self._steps:
            timed: list[tuple[Place, int, _Step]] = [
                (each.place, 0, each) for each in self._imports.get(module, ())
            ]
            timed += [(place, 1, _Bind(names)) for place, names in _bindings(module)]
            timed.sort(key=lambda entry: (entry[0].line, entry[0].column, entry[1]))
            self._steps[module] = [step for _, _, step in timed]
        return self._steps[module]


def _bindings(module: Module) -> Iterator[tuple[Place, tuple[str, ...]]]:
    """What a module's body binds, and where."""
    scopes = module.facts.scopes
    for event in scopes[0].events if scopes else ():  # no scopes: the file could not be parsed
        if isinstance(event, Write) and event.how != "del":
            yield event.place, tuple(_names(event.target))
    for scope in scopes[1:]:
        if scope.parent == 0:
            yield scope.place, (scope.name,)
    for item in module.facts.imports:
        if item.scope == 0:
            yield item.place, (_bound_name(item),)


def _names(target: Expr) -> Iterator[str]:
    if isinstance(target, Name):
        yield target.id
    elif isinstance(target, Container):
        for item in target.items:
            yield from _names(item)
    elif isinstance(target, Op) and target.kind == "*":
        yield from _names(target.operands[0])


def _bound_name(item: Import) -> str:
    return item.alias or item.name or item.module.partition(".")[0]


# --- the cheapest cut -------------------------------------------------------------------------------


class _Cut(NamedTuple):
    """Imports of one module by another that could be moved; sorts by what it leaves and costs."""

    leaves: int
    early: int
    statements: int
    place: tuple[str, int]
    edge: tuple[ModuleImport, ...]


def _cheapest_cut(graph: Graph, circle: Sequence[Module]) -> _Cut:
    """The pair of modules whose imports leave the least behind in circles, and cost the least to move."""
    inside = set(circle)
    part = {m: {n: edges for n, edges in graph[m].items() if n in inside} for m in circle}
    pairs = [(m, n) for m in circle for n in part[m]]
    cuts = []
    for importer, imported in pairs:
        rest = {m: {n: e for n, e in part[m].items() if (m, n) != (importer, imported)} for m in circle}
        leaves = sum(map(len, components(rest))) if len(pairs) <= 400 else len(circle)
        edge = tuple(part[importer][imported])
        early = sum(_is_used_early(importer, each) for each in edge)
        cuts.append(_Cut(leaves, early, len(edge), (importer.path, edge[0].place.line), edge))
    return min(cuts, key=lambda cut: cut[:4])


def _is_used_early(importer: Module, each: ModuleImport) -> bool:
    """Whether an import matters while the module is imported, and not only to its functions.

    A name that nothing in the module uses was imported for its effect, or to be imported from here.
    """
    scopes = importer.facts.scopes
    names = {_bound_name(item) for item in importer.facts.imports if item.place == each.place}
    late = {"function", "lambda"}
    early = [(s.bases, s.decorators, () if s.kind in late else s.events) for s in scopes]
    later = [(s.events, s.parameters, s.returns) for s in scopes if s.kind in late]
    used = any(mentions(item, name) for item in later for name in names)
    return not used or any(mentions(item, name) for item in early for name in names)


# --- the finding ------------------------------------------------------------------------------------


def _finding(graph: Graph, circle: Sequence[Module], failure: _Failure | None) -> Finding:
    cut = _cheapest_cut(graph, circle)
    at = failure.at if failure else cut.edge[0]
    loop = _shortest_circle(graph, circle, at)
    message = f"{_subject(circle)} import each other while they are being imported: {_path(loop)}."
    if failure is not None:
        message = (
            f"Importing {failure.first.name} first fails: {at.imported.name} does not have "
            f"{at.name} yet when {at.importer.name} asks for it. {message}"
        )
    severity = Severity.HIGH if failure else Severity.MEDIUM
    edge = cut.edge[0]
    cheapest = f"{edge.importer.name} → {edge.imported.name} ({edge.importer.path}:{edge.place.line})"
    evidence = ("cheapest import to move", cheapest)
    return _told(graph, circle, loop, message=message, severity=severity, evidence=evidence, fix=_fix(cut))


def _quiet_finding(graph: Graph, circle: Sequence[Module]) -> Finding:
    inside = set(circle)
    late = [e for m in circle for n in graph[m] if n in inside for e in graph[m][n] if e.deferred]
    loop = _shortest_circle(graph, circle, late[0])
    message = (
        f"{_subject(circle)} depend on each other, and imports inside functions keep that working: "
        f"{_path(loop)}."
    )
    fix = Fix("Move what both sides need into a module below them.")
    evidence = ("imports inside functions", str(len(late)))
    return _told(graph, circle, loop, message=message, severity=Severity.LOW, evidence=evidence, fix=fix)


def _told(
    graph: Graph,
    circle: Sequence[Module],
    loop: Sequence[ModuleImport],
    *,
    message: str,
    severity: Severity,
    evidence: tuple[str, str],
    fix: Fix,
) -> Finding:
    """The finding of a circle, at the first import of its loop."""
    return Finding(
        rule=META.id,
        key=" ".join(module.name for module in circle),
        span=loop[0].importer.span(loop[0].place),
        message=message,
        severity=severity,
        confidence=Confidence.MEDIUM if severity == Severity.LOW else Confidence.HIGH,
        members=_members(graph, circle),
        related=tuple(Hop(each.importer.span(each.place), _step(each)) for each in loop),
        evidence=(("modules", str(len(circle))), evidence),
        fix=fix,
    )


def _subject(circle: Sequence[Module]) -> str:
    return "Two modules" if len(circle) == 2 else f"{len(circle)} modules"


def _members(graph: Graph, circle: Sequence[Module]) -> tuple[Member, ...]:
    inside = set(circle)
    return tuple(
        Member(f"{m.name} -> {n.name}", _step(edges[0]), m.span(edges[0].place))
        for m in circle
        for n, edges in sorted(graph[m].items(), key=lambda item: item[0].name)
        if n in inside
    )


def _step(each: ModuleImport) -> str:
    what = f" {each.name} from" if each.name else ""
    late = ", when a function runs" if each.deferred else ""
    return f"{each.importer.name} imports{what} {each.imported.name}{late}"


def _path(loop: Sequence[ModuleImport]) -> str:
    names = [each.importer.name for each in loop]
    if len(names) > _SHOWN:
        names = [*names[: _SHOWN - 1], "…"]
    return " → ".join([*names, names[0]])


def _fix(cut: _Cut) -> Fix:
    edge = cut.edge[0]
    names = sorted({each.name for each in cut.edge if each.name}) or [edge.imported.name]
    how = (
        "it matters while the module is imported, so move what is imported to a module below both"
        if cut.early
        else "nothing uses it while the module is imported, so it can move into the functions that do, or "
        "under `if TYPE_CHECKING:` where only annotations do"
    )
    more = "" if not cut.leaves else f" {cut.leaves} modules stay in a circle after that."
    return Fix(
        f"The cheapest import to move is that of {', '.join(names[:4])} in {edge.importer.path} "
        f"line {edge.place.line}: {how}.{more}"
    )


def _shortest_circle(graph: Graph, circle: Sequence[Module], start: ModuleImport) -> list[ModuleImport]:
    """The shortest way back to where an import starts, that import first."""
    inside = {m: {n: graph[m][n] for n in sorted(graph[m], key=lambda n: n.name)} for m in circle}
    way = shortest_way(inside, start.imported, start.importer)
    return [start, *(graph[at][following][0] for at, following in pairwise(way))]
