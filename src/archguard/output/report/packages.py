"""Modules grouped into components: as fine as a diagram stays legible, and no finer."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence, Set
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

    def title(self, group: str) -> str:
        """A group's name, which says so where the group is what is left of an opened package."""
        opened = any(other.startswith(group + ".") for other in self.members)
        return f"{group} · rest" if opened and len(self.members[group]) > 1 else group


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
    """Prefixes of module names: the fullest is opened as long as there is room."""
    names = {module.name for module in modules}
    groups = frozenset(name.split(".")[0] for name in names)
    opened: set[str] = set()
    while True:
        counts = Counter(_group(name, groups) for name in names)
        closed = [group for group in groups if counts[group] > 1 and group not in opened]
        if not closed:
            return groups
        fullest = min(closed, key=lambda group: (-counts[group], group))
        opened.add(fullest)
        groups |= _children(fullest, names, limit - len(groups))


def _children(package: str, names: Set[str], room: int) -> frozenset[str]:
    """What is right below a package: all of it, else as many of its largest packages as there is room for."""
    depth = package.count(".") + 2
    sizes = Counter(".".join(name.split(".")[:depth]) for name in names if name.startswith(package + "."))
    if len(sizes) <= room:
        return frozenset(sizes)
    packages = sorted(
        (child for child in sizes if sizes[child] > 1), key=lambda child: (-sizes[child], child)
    )
    return frozenset(packages[: max(room, 0)])


def _group(name: str, groups: Set[str]) -> str:
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
