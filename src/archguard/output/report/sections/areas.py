"""2. Detailed findings: the ten areas."""

from __future__ import annotations

from archguard.model.assessment import AreaAssessment, Assessment
from archguard.output.report.document import Block, Bullets, Grade, Heading, Strong, Table, line, say
from archguard.output.report.names import NOT_ASSESSED, numbered
from archguard.output.report.sections.recommendation import recommendation
from archguard.output.report.sections.state import state_of
from archguard.output.report.sections.summary import strength


def areas(assessment: Assessment) -> list[Block]:
    """Each area with what is there, what is good, what is not, and what to do."""
    blocks: list[Block] = []
    for number, area in enumerate(assessment.areas, start=1):
        title = line(f"2.{number} {area.title}: ", Grade(area.grade or NOT_ASSESSED))
        blocks += [Heading(3, title, anchor=f"area-{area.area}"), *_area(assessment, area)]
    return blocks


def _area(assessment: Assessment, area: AreaAssessment) -> list[Block]:
    blocks: list[Block] = [say(f"{area.gap[:1].upper()}{area.gap[1:]}.")] if area.gap else []
    blocks += state_of(area.area, assessment.run)
    blocks += _strengths(area)
    blocks += _controls(area)
    made = [pair for pair in numbered(assessment) if pair[1].area == area.area]
    for name, what in made:
        blocks += recommendation(name, what)
    return blocks + ([] if made or area.gap else [_clean(assessment, area)])


def _clean(assessment: Assessment, area: AreaAssessment) -> Block:
    ran = [f"{info.id} {info.name}" for info in assessment.run.rules if info.area == area.area]
    return say(f"No finding. Looked for: {', '.join(ran)}.")


def _strengths(area: AreaAssessment) -> list[Block]:
    if not area.strengths:
        return []
    return [say(Strong("Strengths.")), Bullets(tuple(strength(control) for control in area.strengths))]


def _controls(area: AreaAssessment) -> list[Block]:
    """What is missing or could not be determined; what is there stands under the strengths."""
    lacking = [control for control in area.controls if control.state != "present"]
    if not lacking:
        return []
    rows = tuple((line(c.state), line(c.rule), strength(c)) for c in lacking)
    return [
        say(Strong("Missing or not determined.")),
        Table(("State", "Rule", "What"), rows),
    ]
