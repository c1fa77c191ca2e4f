"""3. Architecture diagrams, and 4. Metrics summary."""

from __future__ import annotations

from collections import Counter

from archguard.assess.areas import open_findings
from archguard.model.assessment import Assessment
from archguard.model.finding import Severity
from archguard.model.run import Run
from archguard.output.report.diagrams import (
    components_diagram,
    layers_diagram,
    left_out,
    tables_diagram,
    work_diagram,
)
from archguard.output.report.document import Block, Diagram, Heading, Line, Table, line, say
from archguard.output.report.packages import OWN


def diagrams(assessment: Assessment) -> list[Block]:
    """Every diagram that there is something to draw for."""
    inventory = assessment.run.inventory
    blocks: list[Block] = []
    if drawn := components_diagram(assessment):
        more = left_out(assessment)
        said = "Coloured by the worst finding in a component; dotted: libraries that reach outside."
        said += f" The {more} weakest imports are left out." if more else ""
        blocks += [Heading(3, line("Components")), say(said), Diagram(drawn)]
    if drawn := layers_diagram(inventory):
        blocks += [Heading(3, line("API: routes, services, data")), Diagram(drawn)]
    if drawn := tables_diagram(inventory.tables):
        blocks += [Heading(3, line("Tables and their references")), Diagram(drawn)]
    if drawn := work_diagram(inventory):
        blocks += [Heading(3, line("Concurrency: what runs beside the requests")), Diagram(drawn)]
    return blocks or [say("Nothing to draw: no components, routes, tables or tasks.")]


def metrics(assessment: Assessment) -> list[Block]:
    """The figures, which are the baseline for the next time."""
    run = assessment.run
    rows: list[tuple[Line, Line]] = [
        (line(name), line(value)) for name, value in [*_sizes(run), *_parts(run), *_found(assessment)]
    ]
    return [Table(("Metric", "Value"), tuple(rows), frozenset({1}))]


def _sizes(run: Run) -> list[tuple[str, str]]:
    stats, modules = run.stats, run.inventory.modules
    own = sum(module.code_lines for module in modules if module.role in OWN)
    tests = sum(module.code_lines for module in modules if module.role == "test")
    sized = [
        ("Files read", stats.files),
        ("Lines read", stats.lines),
        ("Lines of code", own),
        ("Lines of tests", tests),
        ("Functions", stats.functions),
    ]
    followed = f"{stats.resolved / stats.calls:.0%} of {stats.calls:,}" if stats.calls else ""
    shown = [(name, f"{value:,}") for name, value in sized if value]
    return [*shown, *([("Calls followed to what they call", followed)] if followed else [])]


def _parts(run: Run) -> list[tuple[str, str]]:
    inventory = run.inventory
    kinds = Counter(route.kind for route in inventory.routes)
    counted = [
        ("REST endpoints", kinds["http"]),
        ("WebSocket endpoints", kinds["ws"]),
        ("Tables", len(inventory.tables)),
        ("Migrations", sum(1 for module in inventory.modules if module.role == "migration")),
        ("Settings", len(inventory.settings)),
        ("Clients of external services", len(inventory.clients)),
        ("Work beside the request", len(inventory.tasks)),
    ]
    return [(name, f"{value:,}") for name, value in counted if value]


def _found(assessment: Assessment) -> list[tuple[str, str]]:
    found = open_findings(assessment.run)
    counts = Counter(triaged.finding.severity for triaged in found)
    listed = ", ".join(f"{counts[s]} {s}" for s in sorted(Severity, reverse=True) if counts[s])
    rows = [("Findings", f"{len(found)} ({listed})" if listed else "0")]
    suppressed = len(assessment.run.suppressed)
    rows += [("Suppressed findings", str(suppressed))] if suppressed else []
    return [*rows, ("Grade", assessment.grade or "none")]
