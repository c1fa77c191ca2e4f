"""The inventory as tables, folded where they are long."""

from __future__ import annotations

from collections.abc import Sequence

from archguard.model.inventory import ClientRow, Inventory, ModuleRow, RouteRow, SettingRow, TableRow, TaskRow
from archguard.output.report.document import Block, Cite, Code, Fold, Line, Table, Text, joined, line, say
from archguard.output.report.plural import count_of

OPEN = 12
"""The rows that a table may have without a fold."""

MOST = 400
"""The rows after which a table stops: GitHub cuts long files off. The sidecar has them all."""


def folded(table: Table, summary: str) -> tuple[Block, ...]:
    """The table, in a fold where it is long, cut and saying so where it is too long."""
    more = len(table.rows) - MOST
    shown = Table(table.head, table.rows[:MOST], table.numbers)
    blocks: tuple[Block, ...] = (shown,)
    if more > 0:
        blocks += (say(f"… and {more:,} more, all of them in archguard.json."),)
    return blocks if len(table.rows) <= OPEN else (Fold(summary, blocks),)


def routes(inventory: Inventory) -> tuple[Block, ...]:
    """Every endpoint."""
    rows = inventory.routes
    return _table(
        ("Method", "Path", "Handler", "Model", "Status", "Auth"),
        [_route(row) for row in rows],
        count_of(len(rows), "endpoint"),
    )


def settings(inventory: Inventory) -> tuple[Block, ...]:
    """Every setting that the code reads."""
    rows = inventory.settings
    made = [_setting(row) for row in rows]
    return _table(("Setting", "Kind", "Required", "Default", "Where"), made, count_of(len(rows), "setting"))


def clients(inventory: Inventory) -> tuple[Block, ...]:
    """Every client of an external service."""
    made = [_client(row) for row in inventory.clients]
    return _table(("Library", "Built by", "Lives as long as", "Where"), made, count_of(len(made), "client"))


def tasks(inventory: Inventory) -> tuple[Block, ...]:
    """Everything that runs beside its starter."""
    made = [_task(row) for row in inventory.tasks]
    return _table(("Kind", "Function", "Where"), made, count_of(len(made), "piece of work", "pieces of work"))


def tables(inventory: Inventory) -> tuple[Block, ...]:
    """Every table of the database."""
    made = [_db_table(row) for row in inventory.tables]
    return _table(
        ("Table", "From", "Columns", "References", "Where"), made, count_of(len(made), "table"), {2}
    )


def modules(rows: Sequence[ModuleRow], summary: str) -> tuple[Block, ...]:
    """Modules with their sizes."""
    made = [_module(row) for row in rows]
    return _table(("Module", "Role", "Lines", "Functions", "Classes", "Imports"), made, summary, {2, 3, 4, 5})


def _table(
    head: tuple[str, ...], rows: list[tuple[Line, ...]], summary: str, numbers: set[int] | None = None
) -> tuple[Block, ...]:
    """The table without the columns in which no row says anything."""
    said = [n for n in range(len(head)) if any(row[n] for row in rows)]
    kept = tuple(tuple(row[n] for n in said) for row in rows)
    aligned = frozenset(new for new, old in enumerate(said) if old in (numbers or ()))
    return folded(Table(tuple(head[n] for n in said), kept, aligned), summary) if rows else ()


def _route(row: RouteRow) -> tuple[Line, ...]:
    handler = line(Code(row.handler.rsplit(".", 1)[-1]), " ", Cite(row.file, row.line))
    model = line(Code(row.response_model)) if row.response_model else ()
    conditional = " (conditional)" if row.conditional else ""
    auth = joined([Code(name) for name in row.auth])
    return (
        line(row.method),
        line(Code(row.path), conditional),
        handler,
        model,
        line(str(row.status or "")),
        auth,
    )


def _setting(row: SettingRow) -> tuple[Line, ...]:
    default = line(Code(row.default)) if row.default else ()
    return (
        line(Code(row.name)),
        line(row.kind),
        line("yes" if row.required else "no"),
        default,
        _place(row),
    )


def _client(row: ClientRow) -> tuple[Line, ...]:
    return line(row.library), line(Code(row.symbol)), line(_lifetime(row.lifetime)), _place(row)


def _lifetime(lifetime: str) -> str:
    return {"module": "the process", "object": "its object", "call": "one call"}.get(lifetime, lifetime)


def _task(row: TaskRow) -> tuple[Line, ...]:
    return line(row.kind), line(Code(row.function)), _place(row)


def _db_table(row: TableRow) -> tuple[Line, ...]:
    references = joined([Code(name) for name in row.references])
    return line(Code(row.name)), line(row.origin), line(str(len(row.columns) or "")), references, _place(row)


def _module(row: ModuleRow) -> tuple[Line, ...]:
    numbers = (row.lines, row.functions, row.classes, len(row.imports))
    return _place(row), line(row.role), *((Text(f"{number:,}"),) for number in numbers)


def _place(row: ClientRow | SettingRow | TaskRow | TableRow | ModuleRow) -> Line:
    return (Cite(row.file, max(row.line, 1)),)
