"""8. Ambiguities and limits: what could not be determined, why, and how to settle it."""

from __future__ import annotations

from archguard.model.assessment import Assessment
from archguard.model.run import Failure, Run
from archguard.output.report.document import Block, Bullets, Cite, Code, Fold, Inline, Line, Table, line, say
from archguard.output.report.plural import count_of

OPEN = 12

SETTLES = {
    "rule": "report it with the line above; the other rules are not affected",
    "engine": "install the engine, or leave it out of --engines",
    "file": "make the file parse with this Python, or exclude it",
    "path": "name a path that is there",
    "suppression": "correct the comment, or take it out",
}
"""What settles a failure of each kind."""


def limits(assessment: Assessment) -> list[Block]:
    """Everything that the judgement does not rest on."""
    run = assessment.run
    blocks: list[Block] = []
    if assessment.limits:
        blocks.append(Bullets(tuple(line(said) for said in assessment.limits)))
    blocks += _failures(run) + _gaps(run)
    return blocks or [say("None: every file was read, every rule ran, every call was followed.")]


def _failures(run: Run) -> list[Block]:
    if not run.failures:
        return []
    rows = tuple(_failure(failure) for failure in run.failures)
    table = Table(("What failed", "Why", "To settle it"), rows)
    said = say(f"{count_of(len(rows), 'failure')}; nothing else was lost by them.")
    return [said, table if len(rows) <= OPEN else Fold("All failures", (table,))]


def _failure(failure: Failure) -> tuple[Line, ...]:
    subject: Inline = Code(failure.subject)
    if failure.span is not None:
        subject = Cite(failure.span.path, failure.span.line)
    return line(f"{failure.kind} ", subject), line(failure.reason), line(SETTLES[failure.kind])


def _gaps(run: Run) -> list[Block]:
    """The counts of what was seen and not understood, the most frequent first."""
    counted = [(gap.kind, gap.reason, gap.count) for gap in run.inventory.gaps]
    known = {kind for kind, _, _ in counted}
    counted += [(kind, "", count) for kind, count in run.stats.gaps.items() if kind not in known]
    if not counted:
        return []
    rows = tuple(
        (line(kind), line(reason), line(f"{count:,}"))
        for kind, reason, count in sorted(counted, key=lambda gap: (-gap[2], gap[0], gap[1]))
        if count
    )
    table = Table(("Not determined", "Why", "How often"), rows, frozenset({2}))
    return [
        table if len(rows) <= OPEN else Fold(count_of(len(rows), "kind of gap", "kinds of gaps"), (table,))
    ]
