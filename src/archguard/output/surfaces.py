"""What of a run is shown where people are interrupted by it."""

from __future__ import annotations

from msgspec.structs import replace

from archguard.model.run import Run


def alerts(run: Run) -> Run:
    """The run with only the findings of rules precise enough for a pull request; everything else stays."""
    surfaces = {info.id: info.meta.surface for info in run.rules}
    shown = (
        item for item in run.findings if (item.finding.surface or surfaces.get(item.finding.rule)) == "alert"
    )
    return replace(run, findings=tuple(shown))
