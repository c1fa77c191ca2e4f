"""5. Recommendations matrix, 6. Critical path items, 7. Zero regression guarantee."""

from __future__ import annotations

from archguard.model.assessment import Assessment, Recommendation
from archguard.output.report.document import (
    Block,
    Bullets,
    Code,
    Level,
    Line,
    Table,
    joined,
    line,
    prose,
    say,
)
from archguard.output.report.names import recommendation_link
from archguard.output.report.outline import MATRIX_HEAD
from archguard.output.report.plural import count_of, effort_of

COMPONENTS = 3


def matrix(assessment: Assessment) -> list[Block]:
    """Every recommendation in a row: by priority, and within it by risk over effort."""
    if not assessment.recommendations:
        return [say("Nothing to recommend: no finding is open.")]
    rows = tuple(_row(assessment, made) for made in assessment.recommendations)
    return [
        say("By priority; within one, what takes away most risk for an hour's work comes first."),
        Table(MATRIX_HEAD, rows),
    ]


def critical_path(assessment: Assessment) -> list[Block]:
    """What blocks production, first that which callers do not notice."""
    path = assessment.critical_path
    if not path:
        return [
            say("Nothing of high or critical priority was found, so nothing found here blocks production.")
        ]
    items = []
    for made in path:
        blocks = "blocks production" if str(made.priority) == "critical" else "to be fixed first"
        wait = "; changes what callers see, so it needs a release plan" if made.breaks_callers else ""
        effort = f", {effort_of(made.hours)}" if made.hours[1] else ""
        items.append(line(recommendation_link(assessment, made), f": {blocks}{effort}{wait}"))
    least, most = (sum(made.hours[end] for made in path) for end in (0, 1))
    total = [say(f"Together {effort_of((least, most))}.")] if most and len(path) > 1 else []
    return [Bullets(tuple(items), ordered=True), *total]


def guarantee(assessment: Assessment) -> list[Block]:
    """Per recommendation: whether callers notice, and how it is brought out."""
    if not assessment.recommendations:
        return [say("Nothing is to be changed.")]
    rows = []
    for made in assessment.recommendations:
        parity = "can change what callers see" if made.breaks_callers else "same behaviour for callers"
        rollout = made.rollout or "no rollout given by the rule's tool: cover the places with tests first"
        link = recommendation_link(assessment, made, title=False)
        rows.append(((link,), line(made.title), line(parity), prose(rollout)))
    return [Table(("#", "Recommendation", "Functional parity", "Rollout"), tuple(rows))]


def _row(assessment: Assessment, made: Recommendation) -> tuple[Line, ...]:
    return (
        (recommendation_link(assessment, made, title=False),),
        line(Level(str(made.priority))),
        line(f"{made.title} ", Code(made.rule), f", {count_of(len(made.findings), 'place')}"),
        _components(made),
        line(effort_of(made.hours) or "–"),
        line(", ".join(made.impact) or "–"),
        prose(made.risk or "–"),
    )


def _components(made: Recommendation) -> Line:
    more = len(made.components) - COMPONENTS
    shown = joined([Code(component) for component in made.components[:COMPONENTS]])
    return (*shown, *line(f" and {more} more")) if more > 0 else shown
