"""An assessment as the document that markdown and HTML both write."""

from __future__ import annotations

from collections.abc import Callable

from archguard.model.assessment import Assessment
from archguard.output.report.document import Block, Code, Heading, Line, line, say
from archguard.output.report.names import name_of
from archguard.output.report.outline import SECTIONS
from archguard.output.report.plural import count_of
from archguard.output.report.sections.appendix import appendix
from archguard.output.report.sections.areas import areas
from archguard.output.report.sections.figures import diagrams, metrics
from archguard.output.report.sections.limits import limits
from archguard.output.report.sections.plan import critical_path, guarantee, matrix
from archguard.output.report.sections.summary import summary

BUILDERS: tuple[Callable[[Assessment], list[Block]], ...] = (
    summary,
    areas,
    diagrams,
    metrics,
    matrix,
    critical_path,
    guarantee,
    limits,
    appendix,
)
"""What writes each of `SECTIONS`, in their order."""


def build(assessment: Assessment) -> tuple[Block, ...]:
    """The whole report."""
    blocks: list[Block] = [Heading(1, title(assessment)), say(*_about(assessment))]
    for number, (name, builder) in enumerate(zip(SECTIONS, BUILDERS, strict=True), start=1):
        blocks += [Heading(2, line(f"{number}. {name}"), anchor=section_anchor(number)), *builder(assessment)]
    return tuple(blocks)


def title(assessment: Assessment) -> Line:
    """The report's title: the configuration's, else of what it is."""
    return line(assessment.run.title or f"Architecture reassessment: {name_of(assessment)}")


def section_anchor(number: int) -> str:
    """Where a section starts."""
    return f"section-{number}"


def _about(assessment: Assessment) -> Line:
    run = assessment.run
    parts = line("Commit ", Code(run.commit.hash[:12])) if run.commit.hash else line("No commit")
    branch = line(" on ", Code(run.commit.branch)) if run.commit.branch else ()
    date = f" of {run.commit.date[:10]}" if run.commit.date else ""
    dirty = ", with uncommitted changes" if run.commit.dirty else ""
    size = (
        f"; {count_of(run.stats.files, 'file')}, {count_of(run.stats.lines, 'line')}"
        if run.stats.files
        else ""
    )
    return (*parts, *branch, *line(f"{date}{dirty}{size}; archguard {run.tool_version}"))
