"""The architect's judgement of a run: grades, recommendations, the verdict."""

from __future__ import annotations

from typing import Literal

import msgspec

from archguard.model.finding import Control, Fix, Severity
from archguard.model.run import Run, Triaged

Grade = Literal["A", "B", "C", "D", "E", "F"]
Verdict = Literal["ready", "conditionally ready", "not ready", "not assessed"]


class AreaAssessment(msgspec.Struct, frozen=True):
    """One of the ten areas. ``grade`` is None where nothing was looked at, and ``gap`` says why."""

    area: str
    title: str
    grade: Grade | None
    score: float
    arithmetic: str
    findings: tuple[Triaged, ...] = ()
    controls: tuple[Control, ...] = ()
    strengths: tuple[Control, ...] = ()
    gap: str = ""


class Recommendation(msgspec.Struct, frozen=True):
    """Findings with one cause, and what to do about them. ``hours`` is a range."""

    rule: str
    title: str
    priority: Severity
    area: str
    findings: tuple[Triaged, ...]
    components: tuple[str, ...]
    hours: tuple[float, float]
    impact: tuple[str, ...]
    risk: str
    rollout: str
    breaks_callers: bool
    fix: Fix | None = None


class Change(msgspec.Struct, frozen=True):
    """What is different from the previous assessment, finding by finding.

    ``regressed`` are known findings that have become more severe or reach more. What only one of the
    two runs looked for is apart: ``first_seen`` by a rule that the previous run did not have, and
    ``not_looked_at`` of a rule that this one does not have. ``suppressed`` is silenced, not fixed.
    """

    previous_commit: str
    previous_grade: Grade | None
    new: tuple[Triaged, ...]
    fixed: tuple[str, ...]
    unchanged: int
    regressed: tuple[Triaged, ...] = ()
    first_seen: tuple[Triaged, ...] = ()
    not_looked_at: tuple[str, ...] = ()
    suppressed: tuple[str, ...] = ()


class Assessment(msgspec.Struct, frozen=True):
    """Everything the report says, in its order."""

    run: Run
    grade: Grade | None
    arithmetic: str
    verdict: Verdict
    conditions: tuple[str, ...]
    areas: tuple[AreaAssessment, ...]
    recommendations: tuple[Recommendation, ...]
    critical_path: tuple[Recommendation, ...]
    limits: tuple[str, ...]
    change: Change | None = None
