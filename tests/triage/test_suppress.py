from __future__ import annotations

import pytest

from archguard.model.policy import Policy
from archguard.model.run import Settled, Suppression
from tests.triage.snapshots import at, finding, member, settled

PATH = "app/a.py"


def hidden(text: str, *lines: int, rule: str = "AG0901", end: int = 0) -> Settled:
    """What becomes of findings on these lines of one file."""
    found = [finding(PATH, line, rule, f"key {line}", end=end or line) for line in lines]
    return settled({PATH: text}, found)


def lines_shown(result: Settled) -> list[int]:
    return [item.finding.span.line for item in result.findings]


def test_a_comment_on_the_line_silences_it_and_nothing_else() -> None:
    result = hidden("x = 1\nget(1)  # archguard: ignore[AG0901] -- a warm-up\nget(2)\n", 2, 3)
    assert lines_shown(result) == [3]
    (item,) = result.suppressed
    assert item.suppressed_by is not None
    assert (item.suppressed_by.rules, item.suppressed_by.reason, item.suppressed_by.used) == (
        ("AG0901",),
        "a warm-up",
        1,
    )
    assert result.unused == ()


@pytest.mark.parametrize("ids", ["AG0901", "AG0601, AG0901", "AG09", "ag0901", "blocking-call-in-async"])
def test_ids_prefixes_and_names_silence(ids: str) -> None:
    assert lines_shown(hidden(f"x = 1\nget(1)  # archguard: ignore[{ids}]\n", 2)) == []


def test_another_rule_is_not_silenced() -> None:
    result = hidden("x = 1\nget(1)  # archguard: ignore[AG0601]\n", 2)
    assert lines_shown(result) == [2]
    assert [s.rules for s in result.unused] == [("AG0601",)]


@pytest.mark.parametrize(
    "comment",
    [
        "archguard: ignore",
        "archguard: ignore[AG0901",
        "archguard: ignore[]",
        "archguard: ignore[all]",
        "archguard: ignores[AG0901]",
        "archguard: ignore[AG0901] until soon -- why",
        "archguard: ignore[AG0901] until 2027-02-30 -- why",
    ],
)
def test_a_comment_that_cannot_be_followed_silences_nothing_and_is_noted(comment: str) -> None:
    result = hidden(f"x = 1\nget(1)  # {comment}\n", 2)
    assert lines_shown(result) == [2]
    (note,) = result.notes
    assert (note.kind, note.subject, note.fatal) == ("suppression", PATH, False)
    assert note.span is not None
    assert note.span.line == 2


def test_an_unknown_rule_is_noted_with_the_nearest() -> None:
    (note,) = hidden("x = 1\nget(1)  # archguard: ignore[AG0991]\n", 2).notes
    assert note.reason == "no rule is called 'AG0991'; did you mean AG0901?"


def test_prose_about_archguard_is_no_directive() -> None:
    result = hidden("x = 1\nget(1)  # archguard: reviewed this in spring\n", 2)
    assert (lines_shown(result), result.notes) == ([2], ())


LATER = "x = 1\nget(1)  # archguard: ignore[AG0901]{}\n"


@pytest.mark.parametrize(
    "text", [" until 2026-06-01 -- why", " -- why until 2026-06-01", " -- why, until 2026-06-01."]
)
def test_a_suppression_holds_until_its_day_is_over(text: str) -> None:
    found = [finding(PATH, 2)]
    files = {PATH: LATER.format(text)}
    (item,) = settled(files, found, today="2026-06-01").suppressed
    assert item.suppressed_by is not None
    assert (item.suppressed_by.reason, item.suppressed_by.until) == ("why", "2026-06-01")
    late = settled(files, found, today="2026-06-02T00:00:00Z")
    assert [i.finding.span.line for i in late.findings] == [2]
    assert "expired on 2026-06-01" in late.notes[0].reason
    assert settled(files, found, today="").findings == ()


def test_a_reason_may_be_demanded() -> None:
    files = {PATH: LATER.format("")}
    result = settled(files, [finding(PATH, 2)], policy=Policy(require_reason=True))
    assert len(result.findings) == 1
    assert "must give its reason" in result.notes[0].reason


STATEMENT = """x = 1
reply = get(  # archguard: ignore[AG0901]
    1,
    other(2),
)
get(3)
"""


def test_the_first_line_of_a_statement_speaks_for_all_of_it() -> None:
    assert lines_shown(hidden(STATEMENT, 2, 4, 6)) == [6]


def test_the_last_line_of_a_statement_speaks_for_all_of_it() -> None:
    text = STATEMENT.replace("  # archguard: ignore[AG0901]", "").replace(
        "\n)", "\n)  # archguard: ignore[AG0901]"
    )
    assert lines_shown(hidden(text, 2, 4, 6)) == [6]


def test_a_comment_alone_on_its_line_speaks_for_the_next() -> None:
    text = "x = 1\n# archguard: ignore[AG0901] -- why\n# noqa: S113\nget(1)\nget(2)\n"
    assert lines_shown(hidden(text, 4, 5)) == [5]


SCOPES = """x = 1


@decorated(
    1)
async def f(
    a,
):{}
    get(1)
    get(2)


def g():
    get(3)
"""


@pytest.mark.parametrize(
    "text",
    [
        SCOPES.format("  # archguard: ignore[AG0901]"),
        SCOPES.format("").replace("f(\n", "f(  # archguard: ignore[AG0901]\n"),
    ],
)
def test_a_comment_on_a_definition_silences_all_of_it(text: str) -> None:
    assert lines_shown(hidden(text, 6, 9, 10, 14)) == [14]


def test_a_comment_inside_a_function_does_not_silence_the_function() -> None:
    text = "x = 1\ndef f():\n    get(1)\n    get(2)  # archguard: ignore[AG0901]\n"
    assert lines_shown(hidden(text, 2, end=4)) == [2]


@pytest.mark.parametrize(
    "text",
    [
        "# archguard: ignore[AG0901]\nget(1)\nget(2)\n",
        '"""Doc."""\n# archguard: ignore[AG0901]\n\nget(2)\n',
        "get(1)\nget(2)\n# archguard: ignore-file[AG0901]\n",
    ],
)
def test_a_comment_at_the_top_silences_the_file(text: str) -> None:
    assert lines_shown(hidden(text, 2, 3)) == []


def test_a_step_of_a_chain_silences_that_member_only() -> None:
    files = {
        PATH: "x = 1\nget(1)\n",
        "app/b.py": "x = 1\nf()  # archguard: ignore[AG0901] -- an admin's page\nf()\n",
    }
    one = member("GET /one", at("app/b.py", 2), at(PATH, 2))
    two = member("GET /two", at("app/b.py", 3), at(PATH, 2))
    result = settled(files, [finding(PATH, 2, members=(one, two))])
    assert [m.key for item in result.findings for m in item.finding.members] == ["GET /two"]
    assert [m.key for item in result.suppressed for m in item.finding.members] == ["GET /one"]
    assert result.unused == ()
    alone = settled(files, [finding(PATH, 2, members=(one,))])
    assert (alone.findings, len(alone.suppressed)) == ((), 1)


def test_a_suppression_that_suppresses_nothing_is_reported_if_its_rule_ran() -> None:
    text = {PATH: "x = 1\nget(1)  # archguard: ignore[AG0901, AG0601] -- why\n"}
    result = settled(text, [finding(PATH, 2)])
    assert [(s.span.line, s.rules) for s in result.unused] == [(2, ("AG0601",))]
    assert settled(text, [finding(PATH, 2)], ran={"AG0901"}).unused == ()
    assert settled(text, [finding(PATH, 2)], policy=Policy(select=("AG0901",))).unused == ()


WITNESSES = [
    ("noqa: S113", ["ruff S113"], True),
    ("noqa: S", ["ruff S113"], True),
    ("noqa: E501, S113", ["ruff S113"], True),
    ("noqa", ["ruff S113"], True),
    ("noqa: E501", ["ruff S113"], False),
    ("noqa", ["archguard", "ruff S113"], False),
    ("nosec", ["bandit B113"], True),
    ("nosec B113", ["bandit B113"], True),
    ("nosec B105", ["bandit B113"], False),
    ("nosemgrep: no-timeout", ["semgrep rules.python.no-timeout"], True),
    ("pragma: allowlist secret", ["detect-secrets Keyword"], True),
    ("nosec", ["ruff S113"], False),
    ("nosec B113  # noqa: S113", ["bandit B113", "ruff S113"], True),
    ("archguard: ignore[AG0601]", ["bandit B113", "ruff S113"], True),
]


@pytest.mark.parametrize(("comment", "sources", "gone"), WITNESSES)
def test_a_finding_goes_with_its_last_witness(comment: str, sources: list[str], gone: bool) -> None:
    found = finding(PATH, 2, "AG0601", sources=tuple(sources))
    result = settled({PATH: f"x = 1\nget(1)  # {comment}\n"}, [found], ran=())
    assert (not result.findings) is gone
    if gone:
        assert result.suppressed[0].suppressed_by != Suppression(at(PATH, 2), (), "")


def test_a_silenced_witness_is_no_longer_named() -> None:
    found = finding(PATH, 2, "AG0601", sources=("archguard", "bandit B113", "ruff S113"))
    (item,) = settled({PATH: "x = 1\nget(1)  # noqa: S113\n"}, [found]).findings
    assert item.finding.sources == ("archguard", "bandit B113")
