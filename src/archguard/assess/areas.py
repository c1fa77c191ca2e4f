"""The ten areas: which were looked at, what was found in each, and the grade that earns."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from archguard.assess.grading import score_area
from archguard.model.assessment import AreaAssessment
from archguard.model.rule import AREAS, RuleInfo
from archguard.model.run import Run, Triaged

OTHER = ("other", "Findings outside the ten areas")


def open_findings(run: Run) -> tuple[Triaged, ...]:
    """The findings that stand, the worst first."""
    standing = (triaged for triaged in run.findings if triaged.novelty != "fixed")
    return tuple(sorted(standing, key=severity_order))


def severity_order(triaged: Triaged) -> tuple[int, int, str, str, str]:
    """The worst and surest first, then by rule and place."""
    found = triaged.finding
    place = f"{found.span.path}:{found.span.line:07}:{found.span.place.column:05}"
    return (-found.severity, -found.confidence, found.rule, place, triaged.fingerprint)


def area_of(rule: str, rules: Iterable[RuleInfo]) -> str:
    """The area of a rule: what the rule says, else the number in an id of ours, else other."""
    for info in rules:
        if info.id == rule:
            return info.area if info.area in dict(AREAS) else OTHER[0]
    number = rule[2:4]
    if rule.startswith("AG") and len(rule) == 6 and number.isdigit() and 1 <= int(number) <= len(AREAS):
        return AREAS[int(number) - 1][0]
    return OTHER[0]


def lines_of(run: Run) -> int:
    """The size that density is counted on: lines of code that is neither test nor generated."""
    counted = sum(m.code_lines for m in run.inventory.modules if m.role in ("source", "script", "migration"))
    return counted or run.stats.lines


def areas_of(run: Run) -> tuple[tuple[AreaAssessment, Fraction | None], ...]:
    """Every area in the report's order, with its exact score where it was assessed."""
    found = open_findings(run)
    titles = [*AREAS]
    if any(area_of(t.finding.rule, run.rules) == OTHER[0] for t in found):
        titles.append(OTHER)
    lines = lines_of(run)
    return tuple(_area(run, found, area, title, lines) for area, title in titles)


def ran_in(run: Run, area: str) -> tuple[RuleInfo, ...]:
    """The rules of an area that ran to their end.

    Where archguard itself ran, only its own rules count: that ruff looks for one thing is no review.
    """
    crashed = {failure.subject for failure in run.failures if failure.kind == "rule"}
    return tuple(
        info
        for info in run.rules
        if info.area == area
        and (info.module or not run.tool_version)
        and not {info.id, info.name, info.module} & crashed
    )


def _area(
    run: Run, found: tuple[Triaged, ...], area: str, title: str, lines: int
) -> tuple[AreaAssessment, Fraction | None]:
    findings = tuple(t for t in found if area_of(t.finding.rule, run.rules) == area)
    looked_for = (c for c in run.controls if area_of(c.rule, run.rules) == area)
    controls = tuple(sorted(looked_for, key=lambda c: (c.rule, c.key, c.subject, c.state)))
    strengths = tuple(c for c in controls if c.state == "present")
    gap = _gap(run, area, bool(findings or controls))
    if gap:
        return AreaAssessment(area, title, None, 0.0, "", findings, controls, strengths, gap), None
    score = score_area([t.finding for t in findings], controls, lines)
    judged = AreaAssessment(
        area,
        title,
        score.grade,
        round(float(score.value), 1),
        score.arithmetic,
        findings,
        controls,
        strengths,
    )
    return judged, score.value


def _gap(run: Run, area: str, something: bool) -> str:
    """Why an area has no grade, or nothing. It never hangs on what was found, only on what ran."""
    if area == OTHER[0]:
        return "what other tools report outside the ten areas earns no grade"
    if run.since:
        return f"this run holds only what is new against {run.since}"
    if ran_in(run, area):
        return "" if lines_of(run) else "no inventory was given, and without a size there is no density"
    crashed = [info.id for info in run.rules if info.area == area]
    if crashed:
        return f"every rule of this area failed: {', '.join(crashed)}"
    return "no rule of this area ran" + (", so what is listed here is not all there is" if something else "")
