"""What has changed since the previous assessment; part of the summary."""

from __future__ import annotations

from collections.abc import Sequence

from archguard.model.assessment import Assessment, Change
from archguard.model.run import Run, Triaged
from archguard.output.report.document import Block, Bullets, Cite, Code, Fold, Grade, Heading, Line, line, say
from archguard.output.report.names import NOT_ASSESSED, finding_link
from archguard.output.report.plural import count_of

MOST = 20


def changes(assessment: Assessment) -> list[Block]:
    """Grade before and after, and the findings that came, went, stayed and got worse."""
    change = assessment.change
    if change is None:
        return _since(assessment.run)
    since = line(" since ", Code(change.previous_commit[:12])) if change.previous_commit else ()
    before, after = (Grade(grade or NOT_ASSESSED) for grade in (change.previous_grade, assessment.grade))
    return [
        Heading(3, line("Since the last assessment")),
        say("Grade ", before, " → ", after, *since, f": {_counted(change)}."),
        *_found("New", change.new),
        *_found("Regressed", change.regressed),
        *_said("Fixed", change.fixed),
        *_found("Seen for the first time, by rules that the last assessment did not have", change.first_seen),
        *_said("No longer looked for", change.not_looked_at),
        *_said("Suppressed since", change.suppressed),
    ]


def _since(run: Run) -> list[Block]:
    """Against a commit of the same repository, which the run itself was compared with."""
    if not run.since:
        return []
    head = Heading(3, line("Since the last assessment"))
    return [head, say("Against ", Code(run.since), f": {len(run.findings)} new, {run.fixed} fixed.")]


def _counted(change: Change) -> str:
    counts = (
        (len(change.new), "new"),
        (len(change.regressed), "regressed"),
        (len(change.fixed), "fixed"),
        (change.unchanged, "unchanged"),
        (len(change.first_seen), "seen for the first time"),
        (len(change.not_looked_at), "no longer looked for"),
        (len(change.suppressed), "suppressed"),
    )
    return ", ".join(f"{number} {what}" for number, what in counts if number or what in ("new", "fixed"))


def _found(title: str, found: Sequence[Triaged]) -> list[Block]:
    items = tuple(
        line(
            f"{t.finding.severity} · ",
            finding_link(t),
            " at ",
            Cite(t.finding.span.path, t.finding.span.line),
        )
        for t in found[:MOST]
    )
    return _listed(title, items, len(found))


def _said(title: str, texts: Sequence[str]) -> list[Block]:
    return _listed(title, tuple(line(text) for text in texts[:MOST]), len(texts))


def _listed(title: str, items: tuple[Line, ...], total: int) -> list[Block]:
    if not items:
        return []
    more = (line(f"… and {count_of(total - len(items), 'more', 'more')}"),) if total > len(items) else ()
    return [Fold(f"{title}: {total}", (Bullets(items + more),))]
