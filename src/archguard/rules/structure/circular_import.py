"""Modules that import each other.

## What it does

Finds groups of modules that import each other in a circle while they are being imported, one finding
for each group, and names the import that is cheapest to move. Each group is tried out on paper: every
one of its modules is imported first, packages before their modules, line by line. If a
`from … import name` then meets a module that has not yet come to the definition of that name, the
finding is high, and says which module has to come first for it to fail.

## Why is this bad

Whether the service starts depends on which module happens to be imported first. It works until a test,
a script, a worker or a sorted import comes from the other side, and then fails with `ImportError: cannot
import name … from partially initialized module`. Modules in a circle can also only be read, tested and
reused together.

## How to fix

Move what both sides need into a module below them, or give it to the function as an argument. Where the
name is only used in annotations, import it under `if TYPE_CHECKING:`; where it is only used inside
functions, importing it there breaks the circle, at the price of hiding the dependency.

## What it leaves alone

- Imports under `if TYPE_CHECKING:`: they never run.
- Circles that only close through imports inside functions are a low finding: they work, and are usually
  the scar of a circle that once failed.
- A module that imports its own package's `__init__`: that is under way whenever the module is imported.
- Imports guarded by `except ImportError`, star imports from unknown modules, modules with `__getattr__`.
- Tests, examples, scripts, migrations, generated and vendored code.

## References

- [Python FAQ: best practices for imports](https://docs.python.org/3/faq/programming.html#what-are-the-best-practices-for-using-import-in-a-module)
- [The import system: submodules](https://docs.python.org/3/reference/import.html#submodules)
"""

from __future__ import annotations

from collections.abc import Iterator

from archguard.model.circles import Circle
from archguard.model.finding import Confidence, Finding, Fix, Hop, Member, Severity
from archguard.model.program import ModuleImport, Program
from archguard.model.rule import Effort, Meta

META = Meta(
    id="AG0101",
    severity=Severity.HIGH,
    surface="report",
    scope="program",
    effort=Effort(base=2, per_place=0.5),
    impact=("maintainability", "reliability"),
    risk="The next import from the other side, in a test, a script or a worker, fails at start-up.",
    rollout="Move one import at a time and start every entry point once; keep the old names importable.",
)

_SHOWN = 6
"""How many modules of a circle its message names; the members name them all."""


def check(program: Program) -> Iterator[Finding]:
    """A finding for each circle of imports at import time, then for each that only functions close."""
    for circle in program.derived.circles.get():
        yield _finding(circle)


def _finding(circle: Circle) -> Finding:
    first = circle.way[0]
    return Finding(
        rule=META.id,
        key=" ".join(module.name for module in circle.modules),
        span=first.importer.span(first.place),
        message=_message(circle),
        severity=Severity.LOW if circle.late else Severity.HIGH if circle.failure else Severity.MEDIUM,
        confidence=Confidence.MEDIUM if circle.late else Confidence.HIGH,
        members=tuple(_member(each) for each in circle.imports),
        related=tuple(Hop(each.importer.span(each.place), _step(each)) for each in circle.way),
        evidence=(("modules", str(len(circle.modules))), _evidence(circle)),
        fix=_fix(circle),
    )


def _message(circle: Circle) -> str:
    names = [each.importer.name for each in circle.way]
    shown = names if len(names) <= _SHOWN else [*names[: _SHOWN - 1], "…"]
    who = "Two modules" if len(circle.modules) == 2 else f"{len(circle.modules)} modules"
    how = "import each other while they are being imported"
    if circle.late:
        how = "depend on each other, and imports inside functions keep that working"
    message = f"{who} {how}: {' → '.join([*shown, names[0]])}."
    if circle.failure is None:
        return message
    first, at = circle.failure
    return (
        f"Importing {first.name} first fails: {at.imported.name} does not have {at.name} yet "
        f"when {at.importer.name} asks for it. {message}"
    )


def _member(each: ModuleImport) -> Member:
    key = f"{each.importer.name} -> {each.imported.name}"
    return Member(key, _step(each), each.importer.span(each.place))


def _step(each: ModuleImport) -> str:
    what = f" {each.name} from" if each.name else ""
    late = ", when a function runs" if each.deferred else ""
    return f"{each.importer.name} imports{what} {each.imported.name}{late}"


def _evidence(circle: Circle) -> tuple[str, str]:
    if circle.late:
        return "imports inside functions", str(len(circle.late))
    edge = circle.cut.imports[0]
    place = f"{edge.importer.path}:{edge.place.line}"
    return "cheapest import to move", f"{edge.importer.name} → {edge.imported.name} ({place})"


def _fix(circle: Circle) -> Fix:
    if circle.late:
        return Fix("Move what both sides need into a module below them.")
    cut, edge = circle.cut, circle.cut.imports[0]
    names = sorted({each.name for each in cut.imports if each.name}) or [edge.imported.name]
    how = (
        "it matters while the module is imported, so move what is imported to a module below both"
        if cut.early
        else "nothing uses it while the module is imported, so it can move into the functions that do, or "
        "under `if TYPE_CHECKING:` where only annotations do"
    )
    more = f" {cut.leaves} modules stay in a circle after that." if cut.leaves else ""
    return Fix(
        f"The cheapest import to move is that of {', '.join(names[:4])} in {edge.importer.path} "
        f"line {edge.place.line}: {how}.{more}"
    )
