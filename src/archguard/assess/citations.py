"""Whether a report tells the truth about places: every file and line that it cites has to be there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

CITATION = re.compile(
    r"(?<![\w/.:-])(?P<path>(?:[\w.@+-]+/)*[\w.@+-]+\.(?:py|sql|toml|ya?ml|env|ini|cfg|md)):(?P<line>\d+)"
)
LINK = re.compile(r"\]\((?![a-z]+://|#)(?P<path>[^)#\s]+)#L(?P<line>\d+)")
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
"""The sections of a report, in their order."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something wrong in a report, at a line of it."""

    line: int
    message: str


def problems_of(report: str, lines_in: Callable[[str], int | None]) -> tuple[Problem, ...]:
    """What is wrong with a report; ``lines_in`` says how many lines a file has, None where it is not."""
    return tuple(sorted({*_wrong_places(report, lines_in), *_missing_sections(report)}))


def _wrong_places(report: str, lines_in: Callable[[str], int | None]) -> Iterable[Problem]:
    for number, text in enumerate(report.splitlines(), start=1):
        for match in (*CITATION.finditer(text), *LINK.finditer(text)):
            message = _verdict(match["path"], int(match["line"]), lines_in)
            if message:
                yield Problem(number, message)


def _verdict(path: str, line: int, lines_in: Callable[[str], int | None]) -> str:
    count = lines_in(path)
    if count is None:
        return f"cites {path}:{line}, and there is no such file"
    return f"cites {path}:{line}, and the file has {count} lines" if line > max(count, 1) or line < 1 else ""


def _missing_sections(report: str) -> Iterable[Problem]:
    headings = {
        re.sub(r"^#+\s*(?:\d+\.\s*)?", "", h).strip().lower() for h in re.findall(r"^#+ .+$", report, re.M)
    }
    for section in SECTIONS:
        if not any(heading.startswith(section.lower()) for heading in headings):
            yield Problem(1, f"has no section {section!r}")
