"""The summary of a workflow run: what a pull request adds, and how the service stands."""

from __future__ import annotations

from archguard.model.assessment import Assessment
from archguard.model.run import Run, Triaged
from archguard.output.report.document import (
    Block,
    Cite,
    Code,
    Fold,
    Grade,
    Heading,
    Level,
    Line,
    Strong,
    Table,
    line,
    prose,
    say,
)
from archguard.output.report.links import links_for
from archguard.output.report.markdown import write
from archguard.output.report.plural import count_of, first_sentence
from archguard.output.sarif_limits import rank

SHOWN = 50
"""GitHub cuts a summary off at one megabyte; this many rows stay far below it."""


def render(assessment: Assessment, shown: Run, note: str = "") -> str:
    """Markdown for ``GITHUB_STEP_SUMMARY``.

    ``shown`` is the run whose findings are listed: with ``since`` only what is new. ``note`` says what
    else the reader has to know, for example why nothing was uploaded.
    """
    blocks: list[Block] = [Heading(2, line("archguard")), _verdict(assessment)]
    if note:
        blocks.append(say(note))
    blocks += _findings(shown)
    blocks += _failures(shown)
    return write(blocks, links_for(shown.commit, beside=""))


def _verdict(assessment: Assessment) -> Block:
    if assessment.grade is None:
        return say(Strong("No grade"), f": {assessment.verdict}.")
    graded = sum(area.grade is not None for area in assessment.areas)
    of = f", {assessment.verdict}; {graded} of {len(assessment.areas)} areas assessed."
    return say(Strong("Grade "), Grade(assessment.grade), of)


def _findings(run: Run) -> list[Block]:
    against = line(" against ", Code(run.since[:12])) if run.since else ()
    kind = "new finding" if run.since else "finding"
    if not run.findings:
        return [say("No ", kind, *against, ".")]
    ranked = sorted(run.findings, key=rank)
    head = say(Strong(count_of(len(ranked), kind)), *against, ".")
    table = Table(("Severity", "Rule", "Where", "What"), tuple(_row(item) for item in ranked[:SHOWN]))
    more = [say(f"{len(ranked) - SHOWN} more are in the SARIF file.")] if len(ranked) > SHOWN else []
    return [head, table, *(_chain(item) for item in ranked[:SHOWN] if item.finding.chain), *more]


def _row(item: Triaged) -> tuple[Line, ...]:
    finding = item.finding
    where = Cite(finding.span.path, finding.span.line)
    return (
        line(Level(str(finding.severity))),
        line(Code(finding.rule)),
        line(where),
        prose(first_sentence(finding.message)),
    )


def _chain(item: Triaged) -> Block:
    finding = item.finding
    rows = tuple((line(Code(hop.text)), line(Cite(hop.span.path, hop.span.line))) for hop in finding.chain)
    reached = count_of(len(finding.members), "place")
    title = (
        f"{finding.rule} {finding.span.path}:{finding.span.line}: reached from {reached}; the shortest way"
    )
    return Fold(title, (Table(("Step", "Where"), rows),))


def _failures(run: Run) -> list[Block]:
    fatal = [failure for failure in run.failures if failure.fatal]
    if not fatal:
        return []
    rows = tuple((line(f"{failure.kind} ", Code(failure.subject)), line(failure.reason)) for failure in fatal)
    return [say(Strong("Not everything ran.")), Table(("What failed", "Why"), rows)]
