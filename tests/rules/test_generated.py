"""The rule index and the rule pages are what the rules say today."""

from __future__ import annotations

from archguard.rules import generate


def test_index_and_pages_are_fresh() -> None:
    stale = [str(path.relative_to(generate.TOP)) for path in generate.stale()]
    assert stale == [], "run: python -m archguard.rules.generate"
