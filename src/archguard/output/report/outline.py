"""What every report has, in its order; the writer and the check share it."""

from __future__ import annotations

SECTIONS = (
    "Executive summary",
    "Detailed findings",
    "Architecture diagrams",
    "Metrics summary",
    "Recommendations matrix",
    "Critical path items",
    "Zero regression guarantee",
    "Ambiguities and limits",
    "Appendix",
)

MATRIX_HEAD = (
    "#",
    "Priority",
    "Recommendation",
    "Affected components",
    "Effort",
    "Impact",
    "Risk if ignored",
)
"""The columns of the recommendations matrix."""
