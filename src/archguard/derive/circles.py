"""Circles of imports: the strongly connected components of who imports whom, and the cheapest cut of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from archguard.derive.import_order import ImportOrder, is_only_for_script
from archguard.model.circles import Circle, Cut
from archguard.model.graph import components, shortest_way
from archguard.model.lookups import bound_name, mentions
from archguard.model.program import Module, ModuleImport, Program

ImportGraph = dict[Module, dict[Module, list[ModuleImport]]]

_MANY = 400
"""A circle with more pairs than this is not cut on trial at every one of them."""


def compute(program: Program) -> tuple[Circle, ...]:
    """The circles that close while modules are imported, then those that only imports in functions close."""
    running = import_graph(program, deferred=False)
    order = ImportOrder(program)
    found = list(_early(running, order))
    known = {module for circle in found for module in circle.modules}
    found += _late(import_graph(program, deferred=True), known)
    return tuple(found)


def import_graph(program: Program, *, deferred: bool) -> ImportGraph:
    """Which production modules import which, and by which imports; with those in functions, or without.

    A module that asks for its own package does not count: that is under way whenever the module is.
    """
    modules = sorted(program.modules.values(), key=lambda module: (module.name, module.path))
    graph: ImportGraph = {module: {} for module in modules if module.role == "source"}
    for each in program.imports:
        runs = not each.typing_only and not each.missing and (deferred or not each.deferred)
        known = each.importer in graph and each.imported in graph and each.importer is not each.imported
        if runs and known and not _below(each.importer, each.imported) and not is_only_for_script(each):
            graph[each.importer].setdefault(each.imported, []).append(each)
    return graph


def _below(importer: Module, imported: Module) -> bool:
    return imported.package and importer.path.startswith(f"{imported.path.rpartition('/')[0]}/")


def _early(graph: ImportGraph, order: ImportOrder) -> Iterator[Circle]:
    for modules in components(graph):
        inner = _inside(graph, modules)
        failure, cut = order.first_failure(modules), _cheapest_cut(inner)
        way = _way(inner, failure.at if failure else cut.imports[0])
        yield Circle(tuple(modules), _firsts(inner), way, cut, failure)


def _late(graph: ImportGraph, known: set[Module]) -> Iterator[Circle]:
    for modules in components(graph):
        if known.isdisjoint(modules):
            inner = _inside(graph, modules)
            late = tuple(e for m in inner for n in graph[m] if n in inner for e in graph[m][n] if e.deferred)
            way = _way(inner, late[0])
            yield Circle(tuple(modules), _firsts(inner), way, Cut(late[:1], 0, 0), late=late)


def _inside(graph: ImportGraph, modules: Sequence[Module]) -> ImportGraph:
    """The part of a graph between some modules, in the order of their names."""
    inside = set(modules)
    return {m: {n: graph[m][n] for n in sorted(graph[m], key=_name) if n in inside} for m in modules}


def _name(module: Module) -> str:
    return module.name


def _firsts(inner: ImportGraph) -> tuple[ModuleImport, ...]:
    return tuple(edges[0] for following in inner.values() for edges in following.values())


def _way(inner: ImportGraph, start: ModuleImport) -> tuple[ModuleImport, ...]:
    """The shortest way back to where an import starts, that import first."""
    way = shortest_way(inner, start.imported, start.importer)
    return (start, *(inner[at][following][0] for at, following in pairwise(way)))


# --- the cheapest cut -------------------------------------------------------------------------------


def _cheapest_cut(inner: ImportGraph) -> Cut:
    """The pair of modules whose imports leave the least behind in circles, and cost the least to move."""
    pairs = [(m, n) for m in inner for n in inner[m]]
    cuts = [_cut(inner, importer, imported, tried=len(pairs) <= _MANY) for importer, imported in pairs]
    return min(cuts, key=_cost)


def _cut(inner: ImportGraph, importer: Module, imported: Module, *, tried: bool) -> Cut:
    rest = {m: {n: e for n, e in inner[m].items() if (m, n) != (importer, imported)} for m in inner}
    edges = tuple(inner[importer][imported])
    leaves = sum(map(len, components(rest))) if tried else len(inner)
    return Cut(edges, leaves, sum(_is_used_early(each) for each in edges))


def _cost(cut: Cut) -> tuple[int, int, int, str, int]:
    first = cut.imports[0]
    return cut.leaves, cut.early, len(cut.imports), first.importer.path, first.place.line


def _is_used_early(each: ModuleImport) -> bool:
    """Whether an import matters while the module is imported, and not only to its functions.

    A name that nothing in the module uses was imported for its effect, or to be imported from here.
    """
    facts = each.importer.facts
    names = {bound_name(item) for item in facts.imports if item.place == each.place}
    late = {"function", "lambda"}
    early = [(s.bases, s.decorators, () if s.kind in late else s.events) for s in facts.scopes]
    later = [(s.events, s.parameters, s.returns) for s in facts.scopes if s.kind in late]
    used = any(mentions(item, name) for item in later for name in names)
    return not used or any(mentions(item, name) for item in early for name in names)
