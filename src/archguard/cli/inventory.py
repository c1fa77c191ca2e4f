"""`archguard inventory KIND`: what the service is made of."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archguard.cli.options import Reading, Writing, format_option, snapshots, writing

if TYPE_CHECKING:
    from archguard.model.inventory import Inventory
    from archguard.pipeline import Request

KINDS = ("routes", "tables", "settings", "tasks", "clients", "modules")
"""The same as `output.inventories.KINDS`, which costs an import; a test compares them."""


@click.command("inventory", short_help="What the service is made of.")
@click.argument("kind", type=click.Choice(KINDS), metavar="KIND")
@click.argument("path", type=click.Path(path_type=Path), default=Path("."), metavar="[PATH]")
@format_option("table", "json", "mermaid")
@snapshots()
@writing()
def command(kind: str, path: Path, form: str, reading: Reading, writing: Writing) -> int:
    """What the service in PATH is made of: routes, tables, settings, tasks, clients or modules.

    With --since, what there is more and less than at that commit.
    """
    from archguard.cli.asking import request_of, run_of
    from archguard.cli.status import Status, status_of
    from archguard.cli.writing import answer, say
    from archguard.output.inventories import DIAGRAMS

    if form == "mermaid" and (kind not in DIAGRAMS or reading.since):
        raise click.UsageError(f"there is a diagram of {', '.join(DIAGRAMS)} only, and not with --since")
    request = request_of(path, (), replace(reading, since=None, engines=()))
    run = run_of(request, writing)
    before = _before(request, reading.since, writing) if reading.since else None
    answer(_rendered(run.inventory, before, kind, form), writing.output)
    for gap in run.inventory.gaps:
        if gap.kind == kind:
            say(f"{kind} that are not here: {gap.count}, {gap.reason}", writing.quiet)
    if form == "table" and not getattr(run.inventory, kind):
        say(f"no {kind} found", writing.quiet)
    return Status.BROKEN if status_of(run, "never") is Status.BROKEN else Status.CLEAN


def _before(request: Request, ref: str, writing: Writing) -> Inventory:
    from msgspec.structs import replace as changed

    from archguard.cli.asking import run_of

    return run_of(changed(request, snapshot=ref), writing).inventory


def _rendered(inventory: Inventory, before: Inventory | None, kind: str, form: str) -> str | bytes:
    from archguard.output import inventories as written

    rows = written.rows_of(inventory, kind)
    if before is not None:
        added, removed = written.changes(written.rows_of(before, kind), rows)
        if form == "json":
            return written.changes_json(kind, added, removed)
        tables = (written.as_table(added, "+ "), written.as_table(removed, "- "))
        return "\n".join(filter(None, tables))
    if form == "json":
        return written.as_json(kind, rows)
    return written.as_mermaid(inventory, kind) if form == "mermaid" else written.as_table(rows)
