"""The judgement of a run: grades, verdict, recommendations, critical path, changes, limits."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from archguard.assess.areas import areas_of, open_findings
from archguard.assess.changes import changes_between
from archguard.assess.grading import Score, score_overall
from archguard.assess.limits import limits_of
from archguard.assess.recommend import critical_path, recommendations_of
from archguard.model.assessment import AreaAssessment, Assessment, Verdict
from archguard.model.finding import Confidence, Severity
from archguard.model.run import Run, Triaged


def assess(run: Run, previous: Run | None = None) -> Assessment:
    """Judges a run; with an earlier one it also says what has changed since."""
    judged = areas_of(run)
    areas = tuple(area for area, _ in judged)
    overall = _overall([score for _, score in judged if score is not None], run)
    recommendations = recommendations_of(run)
    verdict, conditions = _verdict(run, areas)
    before = None if previous is None else _overall(_scores(previous), previous)
    return Assessment(
        run=run,
        grade=overall.grade if overall else None,
        arithmetic=overall.arithmetic if overall else "",
        verdict=verdict,
        conditions=conditions,
        areas=areas,
        recommendations=recommendations,
        critical_path=critical_path(recommendations),
        limits=limits_of(run, areas),
        change=None if previous is None else changes_between(previous, run, before.grade if before else None),
    )


def _scores(run: Run) -> list[Fraction]:
    return [score for _, score in areas_of(run) if score is not None]


def _overall(scores: list[Fraction], run: Run) -> Score | None:
    """The overall score, or None where no area was assessed."""
    if not scores:
        return None
    return score_overall(scores, [triaged.finding for triaged in open_findings(run)])


def _verdict(run: Run, areas: Sequence[AreaAssessment]) -> tuple[Verdict, tuple[str, ...]]:
    """The verdict on production, and what it hangs on."""
    conditions = _conditions(run, areas)
    if _count(open_findings(run), Severity.CRITICAL):
        return "not ready", conditions
    if not any(area.grade for area in areas):
        return "not assessed", tuple(dict.fromkeys(area.gap for area in areas if area.area != "other"))
    return ("conditionally ready" if conditions else "ready"), conditions


def _conditions(run: Run, areas: Sequence[AreaAssessment]) -> tuple[str, ...]:
    found = open_findings(run)
    said = []
    if critical := _count(found, Severity.CRITICAL):
        said.append(f"{_findings(critical, 'critical')} block{'s' if critical == 1 else ''} production")
    if high := _count(found, Severity.HIGH):
        said.append(f"{_findings(high, 'high')} {'is' if high == 1 else 'are'} to be fixed first")
    said.extend(f"{area.title} has grade {area.grade}" for area in areas if area.grade in ("E", "F"))
    unseen = [area.title for area in areas if not area.grade and area.area != "other"]
    if unseen:
        said.append(f"not yet assessed: {', '.join(unseen)}")
    broken = sum(failure.fatal for failure in run.failures)
    if broken:
        said.append(f"{broken} part{'s' if broken > 1 else ''} of the review failed")
    return tuple(said)


def _findings(count: int, severity: str) -> str:
    return f"{count} {severity} finding{'s' if count > 1 else ''}"


def _count(found: Sequence[Triaged], severity: Severity) -> int:
    """Those of a severity that are sure enough to hang a verdict on."""
    return sum(
        1 for t in found if t.finding.severity == severity and t.finding.confidence >= Confidence.MEDIUM
    )
