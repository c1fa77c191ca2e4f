"""Mermaid diagrams drawn from the inventory, each legible or not drawn."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from archguard.assess.areas import open_findings
from archguard.model.assessment import Assessment
from archguard.model.inventory import Inventory, RouteRow, TableRow
from archguard.output.report.escape import label, word
from archguard.output.report.packages import Components, components_of
from archguard.output.report.plural import count_of

NODES = 24
EDGES = 40
EXTERNALS = 6
TABLES = 30
WORK = 8

STORES = {
    *("aiomysql", "aiopg", "aioredis", "aiosqlite", "asyncpg", "databases", "elasticsearch", "motor"),
    *("psycopg", "psycopg2", "pymongo", "pymysql", "redis", "sqlalchemy", "sqlite3", "sqlmodel"),
}
"""The libraries whose clients make a component one that reaches the data."""

COLOURS = {
    "critical": "fill:#ffdce0,stroke:#b60205,stroke-width:3px,color:#24292f",
    "high": "fill:#ffe2cc,stroke:#bc4c00,stroke-width:2px,color:#24292f",
    "medium": "fill:#fff8c5,stroke:#9a6700,color:#24292f",
    "low": "fill:#eaf5ff,stroke:#57606a,color:#24292f",
    "external": "fill:#f6f8fa,stroke:#57606a,stroke-dasharray:4 3,color:#24292f",
}
"""How a component looks by the worst that was found in it."""


def components_diagram(assessment: Assessment) -> str:
    """Components, what they import of each other, the libraries by which they reach outside; or nothing."""
    inventory = assessment.run.inventory
    parts = components_of(inventory.modules, NODES - EXTERNALS)
    if len(parts.members) < 2:
        return ""
    ids = {group: f"c{number}" for number, group in enumerate(parts.members)}
    worst, counts = _found(assessment, parts)
    lines = ["flowchart LR"]
    for group, modules in parts.members.items():
        found = f"<br/>{label(counts[group])}" if group in counts else ""
        size = count_of(len(modules), "module")
        lines.append(
            f'  {ids[group]}["{label(parts.title(group))}<br/>{size}{found}"]{_class(worst.get(group))}'
        )
    lines += _edges(parts, ids)
    lines += _externals(inventory, parts, ids)
    return "\n".join([*lines, *_classes(lines)])


def left_out(assessment: Assessment) -> int:
    """How many import edges the diagram of components leaves out."""
    parts = components_of(assessment.run.inventory.modules, NODES - EXTERNALS)
    return max(0, len(parts.imports) - EDGES)


def layers_diagram(inventory: Inventory) -> str:
    """From routes over the modules that serve them to what those import; or nothing."""
    routers: dict[str, list[RouteRow]] = defaultdict(list)
    for route in inventory.routes:
        routers[route.file].append(route)
    modules = {module.file: module for module in inventory.modules}
    parts = components_of(inventory.modules, NODES)
    groups = _grouped(routers, parts)
    if not groups:
        return ""
    below: Counter[tuple[str, str]] = Counter()
    for file in routers:
        for imported in modules[file].imports if file in modules else ():
            target = parts.of_module.get(imported)
            if target and imported not in {modules[f].name for f in routers if f in modules}:
                below[(parts.of_path.get(file, ""), target)] += 1
    return _layers(groups, below, inventory, parts)


def work_diagram(inventory: Inventory) -> str:
    """Which component starts which work beside the request, by how it runs; or nothing."""
    parts = components_of(inventory.modules, NODES)
    kinds: dict[str, dict[tuple[str, str], None]] = defaultdict(dict)
    for task in inventory.tasks:
        if group := parts.of_path.get(task.file):
            kinds[task.kind][group, task.function] = None
    if not kinds:
        return ""
    starters = sorted({group for started in kinds.values() for group, _ in started})
    ids = {group: f"c{number}" for number, group in enumerate(starters)}
    lines = ["flowchart LR", *(f'  {ids[group]}["{label(parts.title(group))}"]' for group in starters)]
    for number, kind in enumerate(sorted(kinds)):
        lines += _work(f"k{number}", kind, kinds[kind], ids)
    return "\n".join(lines)


def _work(name: str, kind: str, started: Mapping[tuple[str, str], None], ids: Mapping[str, str]) -> list[str]:
    """One way of running: its functions, of many only the first and how many more there are."""
    lines = [f'  subgraph {name}["{label(kind)}"]']
    functions = sorted({function for _, function in started})
    shown = {function: f"{name}f{number}" for number, function in enumerate(functions[:WORK])}
    lines += [f'    {node}("{label(_short(function))}")' for function, node in shown.items()]
    if len(functions) > WORK:
        lines.append(f'    {name}more("{len(functions) - WORK} more")')
    edges = {f"  {ids[group]} --> {shown.get(function, f'{name}more')}" for group, function in started}
    return [*lines, "  end", *sorted(edges)]


def _short(function: str) -> str:
    """The last two parts of a dotted name."""
    return ".".join(function.split(".")[-2:])


def tables_diagram(tables: tuple[TableRow, ...]) -> str:
    """Tables and their references, or nothing where there are none or too many to read."""
    named = {table.name for table in tables}
    related = sorted(
        {(table.name, other) for table in tables for other in table.references if other in named}
    )
    drawn = {name for pair in related for name in pair}
    if not related or len(drawn) > TABLES:
        return ""
    return "\n".join(
        ["erDiagram", *(f"  {word(other)} ||--o{{ {word(table)} : has" for table, other in related)]
    )


def _found(assessment: Assessment, parts: Components) -> tuple[dict[str, str], dict[str, str]]:
    """Of each component its worst severity, and its findings counted in words."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    worst: dict[str, str] = {}
    for triaged in open_findings(assessment.run):
        group = parts.of_path.get(triaged.finding.span.path)
        if group:
            worst.setdefault(group, str(triaged.finding.severity))
            found[group][str(triaged.finding.severity)] += 1
    said = {g: " · ".join(f"{n} {name}" for name, n in counts.items()) for g, counts in found.items()}
    return worst, said


def _edges(parts: Components, ids: Mapping[str, str]) -> list[str]:
    """The strongest imports between components, in the order of their names."""
    strongest = sorted(parts.imports.items(), key=lambda item: (-item[1], item[0]))[:EDGES]
    return [f"  {ids[source]} --> {ids[target]}" for (source, target), _ in sorted(strongest)]


def _externals(inventory: Inventory, parts: Components, ids: Mapping[str, str]) -> list[str]:
    """The libraries that most clients are built from, and which components build them."""
    users: dict[str, set[str]] = defaultdict(set)
    counts: Counter[str] = Counter()
    for client in inventory.clients:
        group = parts.of_path.get(client.file)
        if group:
            users[client.library].add(group)
            counts[client.library] += 1
    lines = []
    for number, library in enumerate(sorted(counts, key=lambda name: (-counts[name], name))[:EXTERNALS]):
        lines.append(f'  x{number}(["{label(library)}"]):::external')
        lines += [f"  {ids[group]} -.-> x{number}" for group in sorted(users[library])]
    return lines


def _grouped(routers: Mapping[str, list[RouteRow]], parts: Components) -> dict[str, list[RouteRow]]:
    groups: dict[str, list[RouteRow]] = defaultdict(list)
    for file, routes in routers.items():
        if group := parts.of_path.get(file):
            groups[group] += routes
    return {group: groups[group] for group in sorted(groups)}


def _layers(
    groups: Mapping[str, list[RouteRow]],
    below: Mapping[tuple[str, str], int],
    inventory: Inventory,
    parts: Components,
) -> str:
    shown = sorted(groups, key=lambda group: (-len(groups[group]), group))[: NODES // 3]
    strongest = sorted(below.items(), key=lambda item: (-item[1], item[0]))
    edges = [(s, t) for (s, t), _ in strongest if s in shown and t not in groups][: EDGES // 2]
    served = sorted({target for _, target in edges})[: NODES // 3]
    stores = [c.file for c in inventory.clients if c.library.split(".")[0] in STORES]
    stores += [table.file for table in inventory.tables]
    data = {parts.of_path[file] for file in stores if file in parts.of_path}
    lines = ["flowchart LR", "  subgraph routes"]
    ids = {group: f"r{number}" for number, group in enumerate(sorted(shown))}
    for group in sorted(shown):
        counted = count_of(len(groups[group]), "endpoint")
        lines.append(f'    {ids[group]}["{label(parts.title(group))}<br/>{counted}"]')
    lines.append("  end")
    lines += _subgraph("below", [g for g in served if g not in data], ids, "s")
    lines += _subgraph("data", [g for g in served if g in data], ids, "d")
    lines += [f"  {ids[s]} --> {ids[t]}" for s, t in sorted(edges) if t in ids]
    return "\n".join(lines)


def _subgraph(name: str, groups: list[str], ids: dict[str, str], letter: str) -> list[str]:
    if not groups:
        return []
    ids.update({group: f"{letter}{number}" for number, group in enumerate(groups)})
    return [f"  subgraph {name}", *(f'    {ids[group]}["{label(group)}"]' for group in groups), "  end"]


def _class(severity: str | None) -> str:
    return f":::{severity}" if severity else ""


def _classes(lines: Iterable[str]) -> list[str]:
    used = {text.rsplit(":::", 1)[1] for text in lines if ":::" in text}
    return [f"  classDef {name} {style}" for name, style in COLOURS.items() if name in used]
