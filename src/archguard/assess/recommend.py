"""Recommendations: findings with one cause, what to do about them, and in which order."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import PurePosixPath

from archguard.assess.areas import area_of, open_findings, severity_order
from archguard.assess.grading import points_of
from archguard.model.assessment import Recommendation
from archguard.model.finding import Fix, Severity
from archguard.model.rule import RuleInfo
from archguard.model.run import Run, Triaged

CAUSES = ("cause", "waits for")
"""The names of evidence that tell one cause from another: they are fixed apart."""

MARGIN = 1.5
"""The upper end of an effort over its lower end: what reading the surrounding code may turn up."""


def recommendations_of(run: Run) -> tuple[Recommendation, ...]:
    """One recommendation for each cause: by priority, and within it by risk over effort."""
    infos = {info.id: info for info in run.rules}
    causes: dict[tuple[str, str, str], list[Triaged]] = defaultdict(list)
    for triaged in open_findings(run):
        causes[(triaged.finding.rule, triaged.service, cause_of(triaged))].append(triaged)
    services = len({triaged.service for triaged in run.findings}) > 1
    made = [_recommendation(run, infos.get(key[0]), key, causes[key], services) for key in sorted(causes)]
    return tuple(sorted(made, key=_order))


def cause_of(triaged: Triaged) -> str:
    """What the rule's evidence names as the cause that findings share; empty for the rule itself."""
    evidence = dict(triaged.finding.evidence)
    return next((evidence[name] for name in CAUSES if evidence.get(name)), "")


def critical_path(recommendations: Sequence[Recommendation]) -> tuple[Recommendation, ...]:
    """What blocks production, in the order in which to unblock it.

    Critical before high; of one priority first what callers do not notice, because it can go out at once.
    """
    blocking = [r for r in recommendations if r.priority >= Severity.HIGH]
    return tuple(sorted(blocking, key=lambda r: (-r.priority, r.breaks_callers, *_order(r)[1:])))


def _order(made: Recommendation) -> tuple[float, float, str, str, str]:
    return (
        -made.priority,
        -_risk(made) / max(sum(made.hours) / 2, 0.25),
        made.rule,
        made.title,
        _first(made),
    )


def _first(made: Recommendation) -> str:
    return made.findings[0].fingerprint


def _risk(made: Recommendation) -> float:
    return float(sum(points_of(triaged.finding) for triaged in made.findings))


def _recommendation(
    run: Run, info: RuleInfo | None, key: tuple[str, str, str], found: list[Triaged], services: bool
) -> Recommendation:
    rule, service, cause = key
    found = sorted(found, key=severity_order)
    title = info.title.rstrip(".") if info else rule
    named = [part for part in (cause, service if services else "") if part]
    meta = info.meta if info else None
    return Recommendation(
        rule=rule,
        title=f"{title} ({', '.join(named)})" if named else title,
        priority=found[0].finding.severity,
        area=area_of(rule, run.rules),
        findings=tuple(found),
        components=_components(found),
        hours=_hours(info, len(found)),
        impact=meta.impact if meta else (),
        risk=meta.risk if meta else "",
        rollout=meta.rollout if meta else "",
        breaks_callers=meta.breaks_callers if meta else False,
        fix=_fix(found),
    )


def _hours(info: RuleInfo | None, places: int) -> tuple[float, float]:
    """The rule's base and its share per further place, in half hours; (0, 0) where no rule says."""
    if info is None:
        return (0.0, 0.0)
    effort = info.meta.effort
    least = effort.base + effort.per_place * (places - 1)
    return (_halves(least), _halves(least * MARGIN))


def _halves(hours: float) -> float:
    return max(0.5, round(hours * 2) / 2)


def _components(found: Sequence[Triaged]) -> tuple[str, ...]:
    """The folders of the findings, those with most of them first."""
    folders = Counter(str(PurePosixPath(t.finding.span.path).parent) for t in found)
    return tuple(sorted(folders, key=lambda folder: (-folders[folder], folder)))


def _fix(found: Sequence[Triaged]) -> Fix | None:
    """The fix that shows most: with code or edits before one in words."""
    fixes = [triaged.finding.fix for triaged in found if triaged.finding.fix]
    shown = [fix for fix in fixes if fix.code or fix.edits]
    return next(iter(shown or fixes), None)
