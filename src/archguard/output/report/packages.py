"""Modules grouped into components: as fine as a diagram stays legible, and no finer."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from archguard.model.inventory import ModuleRow

OWN = ("source", "script")
"""The roles of files that make up the running service."""


@dataclass(frozen=True, slots=True)
class Components:
    """The groups: of each module its group, of each group its modules, between groups the imports."""

    of_module: Mapping[str, str]
    of_path: Mapping[str, str]
    members: Mapping[str, tuple[ModuleRow, ...]]
    imports: Mapping[tuple[str, str], int]


def components_of(modules: Sequence[ModuleRow], limit: int) -> Components:
    """Groups the service's own modules into at most ``limit`` groups, or one per top package."""
    own = sorted((m for m in modules if m.role in OWN), key=lambda m: (m.name, m.file))
    groups = _split(own, limit)
    members: dict[str, list[ModuleRow]] = defaultdict(list)
    of_module: dict[str, str] = {}
    for module in own:
        group = _group(module.name, groups)
        of_module[module.name] = group
        members[group].append(module)
    return Components(
        of_module=of_module,
        of_path={module.file: of_module[module.name] for module in own},
        members={group: tuple(members[group]) for group in sorted(members)},
        imports=_imports(own, of_module),
    )


def _split(modules: Sequence[ModuleRow], limit: int) -> frozenset[str]:
    """Prefixes of module names: the fullest is opened as long as all of them fit."""
    names = {module.name for module in modules}
    groups = {name.split(".")[0] for name in names}
    opened: set[str] = set()
    while True:
        counts = Counter(_group(name, frozenset(groups)) for name in names)
        splittable = [g for g in groups if counts[g] > 1 and g not in opened]
        if not splittable:
            return frozenset(groups)
        fullest = min(splittable, key=lambda group: (-counts[group], group))
        opened.add(fullest)
        depth = fullest.count(".") + 2
        below = {
            ".".join(name.split(".")[:depth]) for name in names if name.startswith(fullest + ".")
        } - groups
        packages = {name for name in below if counts_below(name, names) > 1}
        chosen = below if len(groups) + len(below) <= limit else packages
        if len(groups) + len(chosen) <= limit:
            groups |= chosen


def counts_below(prefix: str, names: set[str]) -> int:
    """How many of the names are this one or below it."""
    return sum(1 for name in names if name == prefix or name.startswith(prefix + "."))


def _group(name: str, groups: frozenset[str]) -> str:
    """The longest group that the name is in."""
    parts = name.split(".")
    prefixes = (".".join(parts[:count]) for count in range(len(parts), 0, -1))
    return next((prefix for prefix in prefixes if prefix in groups), parts[0])


def _imports(modules: Sequence[ModuleRow], of_module: Mapping[str, str]) -> dict[tuple[str, str], int]:
    found: Counter[tuple[str, str]] = Counter()
    for module in modules:
        for imported in module.imports:
            group = of_module.get(imported)
            if group and group != of_module[module.name]:
                found[(of_module[module.name], group)] += 1
    return dict(sorted(found.items()))
