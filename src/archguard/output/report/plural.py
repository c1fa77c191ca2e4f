"""Counts and efforts as people write them."""

from __future__ import annotations

DAY = 8


def count_of(count: int, noun: str, plural: str = "") -> str:
    """``1 module``, ``1,200 modules``."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def effort_of(hours: tuple[float, float]) -> str:
    """A range of hours, or of days from two days on; empty where nobody says."""
    least, most = hours
    if not most:
        return ""
    if least >= 2 * DAY:
        return f"{_number(least / DAY)}–{_number(most / DAY)} days"
    return f"{_number(least)} h" if least == most else f"{_number(least)}–{_number(most)} h"


def first_sentence(text: str, limit: int = 160) -> str:
    """The sentence that leads, which stands alone; cut where it is too long for a list."""
    lead = text.strip().splitlines()[0] if text.strip() else ""
    end = lead.find(". ")
    lead = lead[: end + 1] if end > 0 else lead
    return lead if len(lead) <= limit else lead[: limit - 1].rstrip() + "…"


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
