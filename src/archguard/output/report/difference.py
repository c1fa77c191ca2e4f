"""A finding's mechanical fix as a diff of the lines that are shown."""

from __future__ import annotations

from difflib import unified_diff

from archguard.model.finding import Edit
from archguard.model.run import Triaged


def difference(triaged: Triaged) -> str:
    """The diff, or nothing where the edits reach beyond the excerpt or do not fit its lines."""
    fix = triaged.finding.fix
    if fix is None or not fix.edits or not triaged.excerpt:
        return ""
    before = [text.rstrip("\r\n") for text in triaged.excerpt]
    after = before
    for edit in sorted(fix.edits, key=lambda edit: edit.span, reverse=True):
        changed = _edited(after, edit, triaged)
        if changed is None:
            return ""
        after = changed
    lines = list(unified_diff(before, after, lineterm="", n=len(before)))
    return "\n".join(lines[3:])


def _edited(lines: list[str], edit: Edit, triaged: Triaged) -> list[str] | None:
    place = edit.span.place
    first, last = place.line - triaged.excerpt_line, place.end_line - triaged.excerpt_line
    if edit.span.path != triaged.finding.span.path or first < 0 or last >= len(triaged.excerpt):
        return None
    head, tail = _head(lines[first], place.column), _tail(lines[last], place.end_column)
    if head is None or tail is None:
        return None
    return [*lines[:first], *(head + edit.text + tail).split("\n"), *lines[last + 1 :]]


def _head(text: str, column: int) -> str | None:
    units = text.encode("utf-16-le")
    return (
        units[: 2 * (column - 1)].decode("utf-16-le", "replace") if 2 * (column - 1) <= len(units) else None
    )


def _tail(text: str, column: int) -> str | None:
    units = text.encode("utf-16-le")
    return (
        units[2 * (column - 1) :].decode("utf-16-le", "replace") if 2 * (column - 1) <= len(units) else None
    )
