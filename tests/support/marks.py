"""The marks in a rule's examples: what the rule has to report, on the line that it has to report."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

COMMENT = re.compile(r"(?:#|--|//)\s*expect:\s*(?P<marks>.*)$")
MARK = re.compile(r"(?P<id>AG\d{4})(?:\s+(?P<severity>low|medium|high|critical))?(?:\s*,\s*|\s+|$)")


class Mark(NamedTuple):
    """One expected finding; ``severity`` is empty where the example does not care."""

    path: str
    line: int
    rule: str
    severity: str


def marks_of(path: str, text: str) -> list[Mark]:
    """The marks of one file, in order; a line may carry several, or one twice."""
    return [
        Mark(path, number, mark["id"], mark["severity"] or "")
        for number, line in enumerate(text.splitlines(), start=1)
        if (comment := COMMENT.search(line))
        for mark in _parsed(path, number, comment["marks"])
    ]


def all_marks(files: Mapping[str, str]) -> list[Mark]:
    """The marks of several files, sorted."""
    return sorted(mark for path, text in files.items() for mark in marks_of(path, text))


def _parsed(path: str, number: int, text: str) -> list[re.Match[str]]:
    found = list(MARK.finditer(text))
    if not found or "".join(match[0] for match in found) != text:
        raise ValueError(f"{path}:{number}: not a mark: {text!r} (write `# expect: AG0901` or `AG0901 high`)")
    return found
