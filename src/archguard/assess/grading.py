"""The arithmetic of grades, in one place and exact: points, density, caps.

A finding costs points by its severity and by how sure it is. Points are counted per 1,000 lines, so that
the same density earns the same grade whatever the size. A control that is missing costs the same
everywhere, because a service needs one of each. Fractions, not floats: a grade never hangs on rounding.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from fractions import Fraction

import msgspec

from archguard.model.assessment import Grade
from archguard.model.finding import Confidence, Control, Finding, Severity

POINTS = {Severity.CRITICAL: 40, Severity.HIGH: 10, Severity.MEDIUM: 3, Severity.LOW: 1}
"""What one finding costs."""

CERTAINTY = {
    Confidence.HIGH: Fraction(1),
    Confidence.MEDIUM: Fraction(3, 5),
    Confidence.LOW: Fraction(3, 10),
}
"""What share of its points a finding costs by how sure it is."""

HALF = 10
"""The points per 1,000 lines that halve the score."""

CONTROL = 10
"""What a kind of control costs where it is missing everywhere."""

MISSING = {"present": Fraction(0), "partial": Fraction(1, 2), "absent": Fraction(1)}

LEAST_LINES = 1000
"""Below this a service counts as this large: one finding in fifty lines is not a catastrophe."""

STEPS: tuple[tuple[int, Grade], ...] = ((90, "A"), (75, "B"), (60, "C"), (45, "D"), (30, "E"), (0, "F"))
"""The lowest score of each grade."""

CAPS = {Severity.CRITICAL: 59, Severity.HIGH: 89}
"""The best score that is left with one such finding of at least medium confidence: D, and B."""


class Score(msgspec.Struct, frozen=True):
    """A score from 0 to 100 with how it came about."""

    value: Fraction
    arithmetic: str

    @property
    def grade(self) -> Grade:
        """The grade of this score."""
        return grade_of(self.value)


def grade_of(score: Fraction) -> Grade:
    """The grade that a score earns."""
    return next(grade for least, grade in STEPS if score >= least)


def points_of(finding: Finding) -> Fraction:
    """What one finding costs."""
    return POINTS[finding.severity] * CERTAINTY[finding.confidence]


def score_area(findings: Sequence[Finding], controls: Iterable[Control], lines: int) -> Score:
    """The score of one area: density of its findings, missing controls, caps."""
    points = sum((points_of(finding) for finding in findings), Fraction(0))
    size = max(lines, LEAST_LINES)
    density = points * 1000 / size
    missing = _missing(controls)
    raw = max(Fraction(0), 100 * HALF / (HALF + density) - missing)
    said = _density_said(findings, size, points, density)
    if missing:
        said += f" − {_number(missing)} for missing controls"
    if findings or missing:
        said += f" = {_number(raw)}"
    return _under_cap(Score(raw, said), findings)


def score_overall(areas: Sequence[Fraction], findings: Sequence[Finding]) -> Score:
    """Half the mean of the assessed areas and half the worst of them, under the same caps.

    A service is not saved by the areas in which nothing is wrong: it fails where it is weakest.
    """
    mean, worst = sum(areas, Fraction(0)) / len(areas), min(areas)
    score = (mean + worst) / 2
    said = f"half the mean of {len(areas)} assessed area{'s' if len(areas) > 1 else ''}, {_number(mean)}, "
    said += f"and half the worst of them, {_number(worst)} = {_number(score)}"
    return _under_cap(Score(score, said), findings)


def cap_of(findings: Iterable[Finding]) -> int | None:
    """The best score that the worst finding leaves, or None."""
    sure = {finding.severity for finding in findings if finding.confidence >= Confidence.MEDIUM}
    return min((cap for severity, cap in CAPS.items() if severity in sure), default=None)


def _under_cap(score: Score, findings: Iterable[Finding]) -> Score:
    cap = cap_of(findings)
    if cap is None or cap >= score.value:
        return score
    severity = next(severity for severity, value in CAPS.items() if value == cap)
    return Score(Fraction(cap), f"{score.arithmetic}; at most {cap} with a {severity} finding")


def _missing(controls: Iterable[Control]) -> Fraction:
    """The cost of what is missing: per kind of control the mean over what it was looked for on."""
    kinds: dict[str, list[Fraction]] = defaultdict(list)
    for control in controls:
        if control.state in MISSING:
            kinds[control.rule].append(MISSING[control.state])
    return sum((CONTROL * sum(shares, Fraction(0)) / len(shares) for shares in kinds.values()), Fraction(0))


def _density_said(findings: Sequence[Finding], size: int, points: Fraction, density: Fraction) -> str:
    if not findings:
        return "no findings: 100"
    counts = Counter(finding.severity for finding in findings)
    listed = " + ".join(f"{counts[s]} {s} × {POINTS[s]}" for s in sorted(counts, reverse=True))
    unsure = " by confidence" if any(f.confidence < Confidence.HIGH for f in findings) else ""
    return (
        f"{listed}{unsure} = {_number(points)} points on {size:,} lines = {_number(density)} per 1,000; "
        f"100 × {HALF} / ({HALF} + {_number(density)})"
    )


def _number(value: Fraction) -> str:
    return f"{float(value):.1f}".removesuffix(".0")
