"""Modules grouped into components: as fine as a diagram stays legible, and no finer."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

import msgspec

from archguard.model.inventory import ModuleRow

OWN = ("source",)
"""The roles of files that make up the running service."""


class Components(msgspec.Struct, frozen=True):
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
    members = _split(own, limit)
    of_module = {module.name: group for group, inside in members.items() for module in inside}
    return Components(
        of_module=of_module,
        of_path={module.file: of_module[module.name] for module in own},
        members={group: tuple(members[group]) for group in sorted(members)},
        imports=_imports(own, of_module),
    )


def _split(modules: Sequence[ModuleRow], limit: int) -> dict[str, list[ModuleRow]]:
    """Modules by package: the fullest package is opened as long as there is room."""
    groups = _by_prefix(modules, 1)
    closed = {group for group, inside in groups.items() if len(inside) > 1}
    while closed and len(groups) < limit:
        fullest = min(closed, key=lambda group: (-len(groups[group]), group))
        children = _children(fullest, groups[fullest], limit - len(groups))
        moved = {module.file for inside in children.values() for module in inside}
        rest = [module for module in groups.pop(fullest) if module.file not in moved]
        groups.update(children)
        if rest:
            groups[fullest] = rest
        closed = (closed - {fullest}) | {child for child, inside in children.items() if len(inside) > 1}
    return groups


def _children(package: str, modules: Sequence[ModuleRow], room: int) -> dict[str, list[ModuleRow]]:
    """What is right below a package: all of it, else as many of its largest packages as there is room for."""
    children = _by_prefix(
        [module for module in modules if module.name.startswith(package + ".")], package.count(".") + 2
    )
    if len(children) <= room:
        return children
    packages = [child for child in children if len(children[child]) > 1]
    largest = sorted(packages, key=lambda child: (-len(children[child]), child))[:room]
    return {child: children[child] for child in largest}


def _by_prefix(modules: Sequence[ModuleRow], depth: int) -> dict[str, list[ModuleRow]]:
    """Modules by the first so many parts of their names."""
    found: dict[str, list[ModuleRow]] = defaultdict(list)
    for module in modules:
        found[".".join(module.name.split(".")[:depth])].append(module)
    return dict(found)


def _imports(modules: Sequence[ModuleRow], of_module: Mapping[str, str]) -> dict[tuple[str, str], int]:
    found: Counter[tuple[str, str]] = Counter()
    for module in modules:
        for imported in module.imports:
            group = of_module.get(imported)
            if group and group != of_module[module.name]:
                found[(of_module[module.name], group)] += 1
    return dict(sorted(found.items()))
