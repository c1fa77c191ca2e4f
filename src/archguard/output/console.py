"""A run as a developer reads it in a terminal."""

from __future__ import annotations

from archguard.model.run import Run, Triaged
from archguard.output.console_finding import finding
from archguard.output.console_summary import summary
from archguard.output.console_text import Paint

_NARROWEST = 40


def render(run: Run, *, colour: bool, width: int) -> str:
    """Every finding with its code, then a summary; one line if there is nothing to say.

    Compared with another snapshot, only what is new is shown, and the rest is counted.
    """
    paint, width = Paint(colour), max(width, _NARROWEST)
    names = {info.id: info.name for info in run.rules}
    shown = shown_of(run)
    blocks = [finding(item, names.get(item.finding.rule, ""), paint, width) for item in shown]
    blocks.append(summary(run, shown, paint, width))
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def shown_of(run: Run) -> tuple[Triaged, ...]:
    """What a reader is shown: all, or with ``since`` what is new."""
    if not run.since:
        return run.findings
    return tuple(item for item in run.findings if item.novelty != "known")
