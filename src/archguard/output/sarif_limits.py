"""What GitHub takes: results are ranked before they are cut, and a cut is always said."""

from __future__ import annotations

import gzip
from collections import Counter
from collections.abc import Iterable, Sequence

from archguard.model.run import Triaged

MAX_RESULTS = 25_000
MAX_RUNS = 20
MAX_UPLOAD = 10 * 1024 * 1024
"""Bytes of the compressed file."""

Group = tuple[Triaged, ...]


def groups(findings: Iterable[Triaged]) -> list[Group]:
    """The findings of one rule on one line together, worst first, each group and all of them."""
    by_line: dict[tuple[str, str, int, bool], list[Triaged]] = {}
    for triaged in sorted(findings, key=rank):
        span = triaged.finding.span
        hidden = triaged.suppressed_by is not None
        by_line.setdefault((triaged.finding.rule, span.path, span.line, hidden), []).append(triaged)
    return [tuple(group) for group in by_line.values()]


def rank(triaged: Triaged) -> tuple[object, ...]:
    """Sorts the worst and surest first, then by place."""
    finding = triaged.finding
    return (-finding.severity, -finding.confidence, finding.span, finding.rule, triaged.fingerprint)


def cut(ranked: Sequence[Group], limit: int = MAX_RESULTS) -> tuple[Sequence[Group], str]:
    """As many as GitHub takes, and a sentence about the others, empty if there are none."""
    if len(ranked) <= limit:
        return ranked, ""
    lost = Counter(group[0].finding.severity for group in ranked[limit:])
    counts = ", ".join(f"{lost[severity]:,} {severity}" for severity in sorted(lost, reverse=True))
    return ranked[:limit], (
        f"{len(ranked) - limit:,} of {len(ranked):,} results are left out, the least severe ({counts}): "
        f"GitHub takes {limit:,}. The sidecar and the report have all of them."
    )


def upload_size(content: bytes) -> int:
    """The size GitHub measures: that of the compressed file."""
    return len(gzip.compress(content, compresslevel=6, mtime=0))


def too_large(content: bytes) -> str:
    """A sentence if GitHub would refuse the file for its size, else empty."""
    if len(content) <= MAX_UPLOAD or (size := upload_size(content)) <= MAX_UPLOAD:
        return ""
    return (
        f"the file has {size / 2**20:.1f} MB compressed; GitHub refuses more than {MAX_UPLOAD / 2**20:.0f} MB"
    )
