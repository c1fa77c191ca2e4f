"""A rule's page: every part of its docstring, its metadata, and examples as a reader wants them."""

from __future__ import annotations

from archguard.model.finding import Severity
from archguard.model.rule import Effort, Meta, RuleInfo
from archguard.rules.pages import SECTIONS, Examples, card, overview, page, sections

DOC = """Calls wait on the loop.

## What it does

A call that waits.

## Why is this bad

Others wait with it.

## How to fix

Hand it to a thread.

## What it leaves alone

- start-up

## References

- <https://docs.python.org/3/library/asyncio-dev.html>
"""
META = Meta(
    "AG0901", Severity.HIGH, "alert", "program", Effort(2, 0.5), ("performance",), "It stops | dead.",
    "No caller sees it.", cwe=400,
)  # fmt: skip
INFO = RuleInfo(META, "blocking-call-in-async", "concurrency", "Calls wait on the loop", DOC, "m")
EXAMPLES = Examples({"a.py": "x()  # expect: AG0901 high\ny()\n"}, {"a.py": "await x()\n"})


def test_the_parts_are_found_by_their_headings() -> None:
    assert tuple(sections(DOC)) == SECTIONS
    assert sections(DOC)["What it does"] == "A call that waits."
    assert sections("Title.\n\nMore.\n\n## References\n\n## Why is this bad\n\nSo.") == {
        "": "More.",
        "Why is this bad": "So.",
    }


def test_a_page_has_everything_in_order() -> None:
    text = page(INFO, EXAMPLES)
    headings = [line[3:] for line in text.splitlines() if line.startswith("## ")]
    assert headings == [
        "What it does", "Why is this bad", "Found", "How to fix", "Not found", "What it leaves alone",
        "References", "If nobody acts", "Bringing the fix out", "Silencing one",
    ]  # fmt: skip
    assert "| effort to fix | 2 h, and 0.5 h for each further place |" in text
    assert "CWE-400" in text


def test_marks_become_arrows() -> None:
    text = page(INFO, EXAMPLES)
    assert "x()  # <- AG0901 high\n" in text
    assert "expect:" not in text


def test_a_card_needs_no_examples() -> None:
    assert "## Found" not in card(INFO)


def test_the_overview_links_every_rule() -> None:
    assert (
        "| [AG0901](AG0901.md) | blocking-call-in-async | high | alert | Calls wait on the loop |"
        in overview((INFO,))
    )
    assert "It stops | dead." in page(INFO, EXAMPLES)
