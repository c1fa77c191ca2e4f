"""The inventory as JSON, as a table, and as a Mermaid diagram."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from archguard.model.inventory import Inventory, ModuleRow, RouteRow, Row, TableRow

KINDS = ("routes", "tables", "settings", "tasks", "clients", "modules")
DIAGRAMS = ("routes", "tables", "modules")
CORNER = 60
"""How many boxes a diagram may have; GitHub draws more, and nobody can read them."""


def rows_of(inventory: Inventory, kind: str) -> tuple[Row, ...]:
    """The rows of one kind."""
    tables: Mapping[str, tuple[Row, ...]] = {
        "routes": inventory.routes,
        "tables": inventory.tables,
        "settings": inventory.settings,
        "tasks": inventory.tasks,
        "clients": inventory.clients,
        "modules": inventory.modules,
    }
    return tables[kind]


def as_json(kind: str, rows: Sequence[Row]) -> bytes:
    """``{"routes": [...]}``; tables come with the enums beside them."""
    document: dict[str, object] = {kind: [_plain(row) for row in rows]}
    if kind == "tables":
        document["enums"] = []
    return msgspec.json.format(msgspec.json.encode(document), indent=2)


def changes_json(kind: str, added: Sequence[Row], removed: Sequence[Row]) -> bytes:
    """What two inventories do not share."""
    document = {kind: {"added": [_plain(row) for row in added], "removed": [_plain(row) for row in removed]}}
    return msgspec.json.format(msgspec.json.encode(document), indent=2)


def changes(old: Sequence[Row], new: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """The rows that are only in the new and only in the old; a row that only moved is in both."""
    before, after = {_identity(row) for row in old}, {_identity(row) for row in new}
    added = [row for row in new if _identity(row) not in before]
    return added, [row for row in old if _identity(row) not in after]


def as_table(rows: Iterable[Row], sign: str = "") -> str:
    """Columns of text, one row a line, with the place at the end."""
    cells = [[*_cells(row), f"{row.file}:{row.line}"] for row in rows]
    widths = [max(len(row[column]) for row in cells) for column in range(len(cells[0]))] if cells else []
    return "\n".join(
        sign + "  ".join(f"{cell:<{size}}" for cell, size in zip(row, widths, strict=True)).rstrip()
        for row in cells
    )


def as_mermaid(inventory: Inventory, kind: str) -> str:
    """A diagram of the routes, tables or modules."""
    if kind == "tables":
        return _entities(inventory.tables)
    return _modules(inventory.modules) if kind == "modules" else _routes(inventory.routes)


def _plain(row: Row) -> dict[str, object]:
    plain: dict[str, object] = msgspec.to_builtins(row)
    if isinstance(row, TableRow):
        schema, _, name = row.name.rpartition(".")
        plain |= {"name": name, "schema": schema or None}
    return plain


def _identity(row: Row) -> bytes:
    return msgspec.json.encode(msgspec.structs.replace(row, line=0))


def _cells(row: Row) -> list[str]:
    """The fields of a row as text, without its place and without what is itself a list of rows."""
    plain = {field: getattr(row, field) for field in row.__struct_fields__ if field not in ("file", "line")}
    if isinstance(row, TableRow):
        plain["columns"] = f"{len(row.columns)} columns"
    if isinstance(row, ModuleRow):
        plain["imports"] = f"{len(row.imports)} imports"
    if isinstance(row, RouteRow):
        plain = {
            "method": row.method,
            "path": row.path,
            "handler": f"{'async ' if row.is_async else ''}{row.handler}",
            "model": row.response_model,
            "status": str(row.status or ""),
            "auth": ", ".join(row.auth),
        }
    return [_cell(value) for value in plain.values()]


def _cell(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return {True: "yes", False: ""}[value] if isinstance(value, bool) else str(value)


def _entities(tables: Sequence[TableRow]) -> str:
    shown = tables[:CORNER]
    numbers = {table.name: f"t{number}" for number, table in enumerate(shown)}
    lines = ["erDiagram"]
    for table in shown:
        lines.append(f"  {numbers[table.name]}[{_label(table.name)}] {{")
        lines += [f"    {_word(column.type) or 'unknown'} {_word(column.name)}" for column in table.columns]
        lines.append("  }")
    for table in shown:
        lines += [
            f"  {numbers[target]} ||--o{{ {numbers[table.name]} : has"
            for target in dict.fromkeys(table.references)
            if target in numbers
        ]
    return "\n".join([*lines, *_more(len(tables))])


def _modules(modules: Sequence[ModuleRow]) -> str:
    source = [module for module in modules if module.role == "source"]
    shown = source[:CORNER]
    numbers = {module.name: f"m{number}" for number, module in enumerate(shown)}
    boxes = [f"  {numbers[module.name]}[{_label(module.name)}]" for module in shown]
    arrows = [
        f"  {numbers[module.name]} --> {numbers[name]}"
        for module in shown
        for name in module.imports
        if name in numbers
    ]
    return "\n".join(["flowchart LR", *boxes, *arrows, *_more(len(source))])


def _routes(routes: Sequence[RouteRow]) -> str:
    shown = routes[:CORNER]
    lines = ["flowchart LR"]
    files = {file: f"f{number}" for number, file in enumerate(dict.fromkeys(row.file for row in shown))}
    lines += [f"  {number}[{_label(file)}]" for file, number in files.items()]
    for number, row in enumerate(shown):
        lines.append(f"  r{number}[{_label(f'{row.method} {row.path}')}] --> {files[row.file]}")
    return "\n".join([*lines, *_more(len(routes))])


def _more(count: int) -> list[str]:
    return [f"  %% {count - CORNER} more are not drawn"] if count > CORNER else []


def _label(text: str) -> str:
    return '"' + text.replace('"', "#quot;").replace("<", "#lt;").replace("\n", " ") + '"'


def _word(text: str) -> str:
    return "".join(c if c.isalnum() or c in "_-" else "_" for c in text).strip("_")
