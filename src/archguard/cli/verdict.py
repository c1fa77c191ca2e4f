"""The assessment in one line, for the end of a review in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archguard.model.assessment import Assessment


def verdict(assessment: Assessment) -> str:
    """Grade, verdict, and how many of the ten areas were looked at."""
    graded = sum(area.grade is not None for area in assessment.areas)
    grade = f"grade {assessment.grade}" if assessment.grade else "no grade"
    return f"{grade}, {assessment.verdict}; {graded} of {len(assessment.areas)} areas assessed"
