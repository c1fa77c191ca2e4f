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
    "setting": "take it out, or keep it for the version whose rules read it",
}
"""What settles a failure of each kind."""


REASONS = {
    "parameter": "what is called comes in as a parameter of unknown type",
    "callee": "what is called comes out of a call of unknown result",
    "subscript": "what is called comes out of a container",
    "element": "what is called is an element of something of unknown elements",
    "attribute": "an attribute that no class seen defines",
    "class-attribute": "an attribute of a class that is not seen fully",
    "function-attribute": "an attribute of a function",
    "annotation": "an annotation that names no type seen",
    "getattr": "the attribute's name is computed",
    "operation": "what is called comes out of an operator",
    "unresolved-import": "a module that is neither here nor known",
    "unresolved-name": "a name that nothing defines",
    "cycle": "its type depends on itself",
    "depth": "an expression too deep to follow",
    "dispatch": "more overrides than are followed",
    "chain": "a chain longer than is followed",
}
"""The reasons of gaps in words; one that is not here stands for itself."""

HINTS = {
    "parameter": "annotate the parameter",
    "callee": "annotate what the function returns",
    "subscript": "annotate the container",
    "element": "annotate the container",
    "annotation": "import the name that the annotation uses",
    "unresolved-import": "review the whole repository, or set src in the configuration",
    "dispatch": "raise the limit in the configuration",
    "chain": "raise the limit in the configuration",
}
"""What settles a gap, where something does."""


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
    counted = {(gap.kind, gap.reason): gap.count for gap in run.inventory.gaps}
    for name, count in run.stats.gaps.items():
        kind, _, reason = name.partition(":")
        counted.setdefault((kind, reason), count)
    rows = tuple(
        (line(kind), line(REASONS.get(reason, reason)), line(f"{count:,}"), line(HINTS.get(reason, "")))
        for (kind, reason), count in sorted(counted.items(), key=lambda gap: (-gap[1], gap[0]))
        if count and (kind, reason) != ("calls", "")
    )
    if not rows:
        return []
    table = Table(("Not determined", "Why", "How often", "To settle it"), rows, frozenset({2}))
    return [
        table if len(rows) <= OPEN else Fold(count_of(len(rows), "kind of gap", "kinds of gaps"), (table,))
    ]
