"""What the judgement does not cover, said in words. What has a place of its own is left to the report."""

from __future__ import annotations

from collections.abc import Sequence

from archguard.model.assessment import AreaAssessment
from archguard.model.run import Run


def limits_of(run: Run, areas: Sequence[AreaAssessment]) -> tuple[str, ...]:
    """The limits of an assessment, those of the whole first."""
    return tuple(line for line in (*_whole(run), *_areas(areas), *_calls(run)) if line)


def _whole(run: Run) -> Sequence[str]:
    said = []
    if run.commit.dirty:
        said.append("The worktree differs from the commit: lines are those of the worktree.")
    if not run.commit.hash:
        said.append("There is no commit: the review cannot be repeated on the same source by its hash.")
    if not run.inventory.modules:
        said.append("No inventory was given: sizes, tables and diagrams are missing.")
    return said


def _areas(areas: Sequence[AreaAssessment]) -> Sequence[str]:
    """The areas without a grade, by the reason for it."""
    reasons: dict[str, list[str]] = {}
    for area in areas:
        if area.gap:
            reasons.setdefault(area.gap, []).append(area.title)
    return [f"No grade for {', '.join(titles)}: {reason}." for reason, titles in reasons.items()]


def _calls(run: Run) -> Sequence[str]:
    stats = run.stats
    missed = stats.calls - stats.resolved
    if not stats.calls or missed <= 0:
        return ()
    share = missed / stats.calls
    return (
        f"{missed:,} of {stats.calls:,} calls ({share:.0%}) could not be followed to what they call: "
        "a chain through one of them is not seen.",
    )
