"""The current state of an area: what is there, from the inventory, whatever was judged of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from archguard.model.inventory import Inventory, ModuleRow
from archguard.model.run import Run
from archguard.output.report import tables
from archguard.output.report.document import Block, Cite, Code, Inline, Line, Strong, Table, joined, line, say
from archguard.output.report.packages import OWN, components_of
from archguard.output.report.plural import count_of

COMPONENTS = 24
LARGEST = 10


def state_of(area: str, run: Run) -> list[Block]:
    """What the inventory says of an area; nothing where it says nothing."""
    state = STATES.get(area)
    return state(run.inventory) if state else []


def _state(*parts: Inline | str) -> Block:
    return say(Strong("Current state. "), *parts)


def _own(inventory: Inventory) -> list[ModuleRow]:
    return [module for module in inventory.modules if module.role in OWN]


def _structure(inventory: Inventory) -> list[Block]:
    own = _own(inventory)
    if not own:
        return []
    parts = components_of(inventory.modules, COMPONENTS)
    rows = []
    for group, modules in parts.members.items():
        used = [(n, target) for (source, target), n in parts.imports.items() if source == group]
        strongest = [Code(target) for _, target in sorted(used, key=lambda pair: (-pair[0], pair[1]))[:4]]
        more = f" and {len(used) - 4} more" if len(used) > 4 else ""
        size = sum(module.code_lines for module in modules)
        imports: Line = (*joined(strongest), *line(more))
        rows.append((line(Code(parts.title(group))), line(f"{len(modules):,}"), line(f"{size:,}"), imports))
    lines = sum(module.code_lines for module in own)
    said = f"{count_of(len(own), 'module')}, {lines:,} lines of code{_others(inventory)}"
    table = Table(("Component", "Modules", "Code lines", "Imports"), tuple(rows), frozenset({1, 2}))
    folded = tables.folded(table, count_of(len(rows), "component"))
    return [_state(said, *_hub(own)), *(folded if len(rows) > 1 else ())]


def _others(inventory: Inventory) -> str:
    roles = Counter(module.role for module in inventory.modules if module.role not in OWN)
    listed = ", ".join(f"{number:,} {role}" for role, number in sorted(roles.items()))
    return f"; besides them modules of other roles: {listed}." if listed else "."


def _hub(own: list[ModuleRow]) -> Line:
    """The module that most others import."""
    names = {module.name: module for module in own}
    fan_in = Counter(target for module in own for target in set(module.imports) if target in names)
    if not fan_in:
        return ()
    name, count = min(fan_in.items(), key=lambda item: (-item[1], item[0]))
    cite = Cite(names[name].file, max(names[name].line, 1))
    return line(" Most imported: ", cite, f", by {count_of(count, 'module')}.")


def _database(inventory: Inventory) -> list[Block]:
    found = inventory.tables
    migrations = sum(1 for module in inventory.modules if module.role == "migration")
    if not found and not migrations:
        return []
    origins = Counter(table.origin for table in found)
    listed = ", ".join(f"{number} from {origin}" for origin, number in sorted(origins.items()) if origin)
    parts = [count_of(len(found), "table") + (f" ({listed})" if listed else "")] if found else []
    parts += [count_of(migrations, "migration")] if migrations else []
    return [_state(f"{', '.join(parts)}."), *tables.tables(inventory)]


def _api(inventory: Inventory) -> list[Block]:
    routes = inventory.routes
    if not routes:
        return []
    methods = Counter(route.method for route in routes)
    listed = ", ".join(f"{number} {method}" for method, number in sorted(methods.items()))
    plain = sum(1 for route in routes if route.kind == "http" and not route.response_model)
    said = f"{count_of(len(routes), 'endpoint')}: {listed}. {plain} without a response model"
    guarded = sum(1 for route in routes if route.auth)
    said += f", {guarded} with a dependency that authenticates." if guarded else "."
    return [_state(said), *tables.routes(inventory)]


def _scalability(inventory: Inventory) -> list[Block]:
    lifetimes = Counter(client.lifetime for client in inventory.clients)
    if not lifetimes:
        return []
    names = {
        "module": "live as long as the process",
        "object": "as long as their object",
        "call": "for one call",
    }
    listed = ", ".join(f"{lifetimes[key]} {said}" for key, said in names.items() if lifetimes[key])
    return [_state(f"{count_of(len(inventory.clients), 'client')} of external services: {listed}.")]


def _resilience(inventory: Inventory) -> list[Block]:
    libraries = Counter(client.library for client in inventory.clients)
    if not libraries:
        return []
    listed = ", ".join(f"{name} ({number})" for name, number in sorted(libraries.items()))
    said = f"External services are reached through {listed}."
    return [_state(said), *tables.clients(inventory)]


def _configuration(inventory: Inventory) -> list[Block]:
    if not inventory.settings:
        return []
    required = sum(1 for setting in inventory.settings if setting.required)
    environment = sum(1 for setting in inventory.settings if setting.kind == "environment")
    said = (
        f"{count_of(len(inventory.settings), 'setting')}: {required} required, "
        f"{environment} read straight from the environment."
    )
    return [_state(said), *tables.settings(inventory)]


def _concurrency(inventory: Inventory) -> list[Block]:
    parts = []
    if inventory.routes:
        waiting = sum(1 for route in inventory.routes if route.is_async)
        parts.append(f"{waiting} of {count_of(len(inventory.routes), 'endpoint')} are async")
    kinds = Counter(task.kind for task in inventory.tasks)
    if kinds:
        listed = ", ".join(f"{number} × {kind}" for kind, number in sorted(kinds.items()))
        parts.append(f"work beside the request: {listed}")
    return (
        [_state("; ".join(parts)[:1].upper() + "; ".join(parts)[1:] + "."), *tables.tasks(inventory)]
        if parts
        else []
    )


def _debt(inventory: Inventory) -> list[Block]:
    largest = sorted(_own(inventory), key=lambda module: (-module.lines, module.file))[:LARGEST]
    if not largest:
        return []
    top = largest[0]
    functions = sum(module.functions for module in _own(inventory))
    said = line(f"{count_of(functions, 'function')}; the largest module is ", Cite(top.file, 1))
    over = [module for module in largest if module.lines >= 300]
    table = tables.modules(over, "The largest modules") if len(over) > 1 else ()
    return [_state(*said, f" with {top.lines:,} lines."), *table]


STATES: dict[str, Callable[[Inventory], list[Block]]] = {
    "structure": _structure,
    "database": _database,
    "api": _api,
    "scalability": _scalability,
    "resilience": _resilience,
    "configuration": _configuration,
    "concurrency": _concurrency,
    "debt": _debt,
}
