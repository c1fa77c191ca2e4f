"""The same defect from several tools: one finding, its witnesses, and what it takes to be the same."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from archguard.engines.catalogue import EngineRule, table
from archguard.engines.translate import Heard
from archguard.extract.files import extract_file
from archguard.model.finding import Confidence, Finding, Member
from archguard.model.program import Service
from archguard.model.run import Settled
from archguard.triage.join import Joined, join
from tests.triage.snapshots import at, finding, settled

PATH = "app/a.py"
RULES: Mapping[str, EngineRule] = {
    rule.id: rule for name in ("ruff", "bandit") for rule in table(name).rules.values()
}
SUPPORTING = frozenset(rule.id for rule in RULES.values() if not rule.alone)
TEXT = """import requests

requests.get(
    url,
    params={
        "a": other(1),
    },
)
x = 1
y = 2
"""


def engine(witness: str, line: int, end: int = 0, path: str = PATH) -> Finding:
    """A finding of an engine's rule."""
    found = finding(path, line, witness, f"{path}:{line}", end=end, sources=(witness,))
    return replace(found, confidence=Confidence.LOW, message=f"said by {witness}")


def own(line: int, end: int = 0, rule: str = "AG0601") -> Finding:
    """A finding of archguard's."""
    return replace(finding(PATH, line, rule, f"own:{line}", end=end), confidence=Confidence.MEDIUM)


def joined(*findings: Finding, ran: tuple[str, ...] = ("AG0601",), text: str = TEXT) -> Joined:
    facts = {PATH: extract_file("python", text.encode())}
    return join(findings, facts, topic, ran, SUPPORTING)


def topic(rule: str) -> str:
    return RULES[rule].info.topic if rule in RULES else rule


def sources(result: Joined) -> list[tuple[str, ...]]:
    return [each.sources for each in result.findings]


def test_what_engines_say_of_a_finding_makes_them_its_witnesses() -> None:
    result = joined(engine("bandit B113", 3), own(3, end=8), engine("ruff S113", 3))
    (item,) = result.findings
    assert (item.rule, item.key, item.sources) == (
        "AG0601",
        "own:3",
        ("archguard", "ruff S113", "bandit B113"),
    )
    assert item.confidence is Confidence.HIGH
    assert ("ruff S113", "said by ruff S113") in item.evidence
    assert (dict(result.joined), dict(result.left)) == ({"ruff": 1, "bandit": 1}, {})


def test_another_line_of_the_same_statement_is_the_same_place() -> None:
    assert sources(joined(own(6), engine("ruff S113", 3))) == [("archguard", "ruff S113")]
    assert sources(joined(own(9), engine("ruff S113", 3))) == [("archguard",)]


def test_one_engine_that_speaks_twice_in_a_statement_means_two_things() -> None:
    result = joined(engine("ruff S106", 3), engine("ruff S106", 6), engine("bandit B106", 6), ran=())
    assert result.findings == (), "these only ever support"
    result = joined(engine("ruff S602", 3), engine("ruff S602", 6), engine("bandit B602", 6), ran=())
    assert sources(result) == [("ruff S602",), ("ruff S602", "bandit B602")]


def test_where_archguards_own_rule_has_looked_an_engine_only_supports() -> None:
    result = joined(engine("ruff S113", 3), engine("ruff F821", 9))
    assert sources(result) == [("ruff F821",)]
    assert dict(result.left) == {"ruff": 1}


def test_where_it_has_not_the_engines_stand_alone_and_the_first_speaks() -> None:
    result = joined(engine("bandit B113", 3), engine("ruff S113", 3), ran=())
    (item,) = result.findings
    assert (item.rule, item.sources) == ("ruff S113", ("ruff S113", "bandit B113"))
    assert item.confidence is Confidence.LOW, "ruff's rule is a port of bandit's: that is one opinion"


def test_a_rule_that_is_too_often_wrong_stands_with_another_and_never_alone() -> None:
    secret = own(9, rule="AG0801")
    assert sources(joined(engine("ruff S105", 9), ran=())) == []
    assert sources(joined(engine("ruff S105", 9), secret, ran=("AG0801",))) == [("archguard", "ruff S105")]


def test_different_topics_on_one_line_stay_apart() -> None:
    assert len(joined(own(9), own(9, rule="AG0901"), engine("ruff F821", 9)).findings) == 3


def test_what_is_said_of_a_secret_is_not_repeated() -> None:
    loud = replace(engine("ruff S105", 9), message="'hunter2'")
    (item,) = joined(own(9, rule="AG0801"), loud, ran=("AG0801",)).findings
    assert "hunter2" not in repr(item)


SOME = [
    own(3),
    own(9),
    engine("ruff S113", 3),
    engine("bandit B113", 6),
    engine("ruff S602", 9),
    engine("bandit B602", 9),
    engine("ruff E722", 9, 10),
    engine("ruff S110", 10),
]


@given(st.permutations(SOME))
def test_the_order_in_which_tools_answer_does_not_matter(found: list[Finding]) -> None:
    assert joined(*found) == joined(*SOME)


@given(st.lists(st.sampled_from(SOME), unique=True))
def test_no_finding_is_lost_or_counted_twice(found: list[Finding]) -> None:
    result = joined(*found)
    total = len(result.findings) + sum(result.joined.values()) + sum(result.left.values())
    assert total == len(found)


# --- through triage ---------------------------------------------------------------------------------


def settle(
    text: str, *found: Finding, ran: tuple[str, ...] = (), services: tuple[Service, ...] = ()
) -> Settled:
    return settled(
        {PATH: text, "lib/b.py": text}, (), ran=ran, heard=Heard(found, RULES, SUPPORTING), services=services
    )


@pytest.mark.parametrize(
    ("comment", "left"),
    [
        ("noqa", ("bandit B602",)),
        ("nosec", ("ruff S602",)),
        ("noqa: S602", None),  # a judgement of the rule, which is bandit's too
        ("nosec B602", None),
        ("noqa: S603", ("ruff S602", "bandit B602")),
        ("nosec # noqa", None),
        ("archguard: ignore[ruff S602] -- why", None),
        ("archguard: ignore[S602] -- why", None),
        ("archguard: ignore[bandit B602] -- why", ("ruff S602", "bandit B602")),
        ("archguard: ignore[debt] -- why", None),
    ],
)
def test_a_finding_goes_with_its_last_witness(comment: str, left: tuple[str, ...] | None) -> None:
    result = settle(f"run()  # {comment}\n", engine("ruff S602", 1), engine("bandit B602", 1))
    assert [(t.finding.rule, t.finding.sources) for t in result.findings] == (
        [(left[0], left)] if left else []
    )
    assert len(result.suppressed) == (left is None)


def test_a_comment_for_archguards_rule_silences_what_amounts_to_it() -> None:
    text = "get()  # archguard: ignore[AG0601] -- why\n"
    result = settle(text, engine("ruff S113", 1), engine("bandit B113", 1))
    assert not result.findings
    assert [t.finding.sources for t in result.suppressed] == [("ruff S113", "bandit B113")]
    assert (result.notes, result.unused) == ((), ())


def test_small_findings_of_a_kind_are_one_for_each_service() -> None:
    def complex_(path: str, line: int, measure: int) -> Finding:
        member = Member(f"{path}:f{line}", f"f{line}: {measure}", at(path, line))
        found = replace(engine("ruff C901", line, path=path), members=(member,))
        return replace(found, evidence=(("measure", str(measure)),))

    found = [complex_(PATH, 1, 12), complex_(PATH, 2, 31), complex_(PATH, 3, 14), complex_("lib/b.py", 1, 11)]
    text = "a()\nb()\nc()  # noqa: C901\n"
    result = settle(text, *found, services=(Service("shop", "app"), Service("lib", "lib")))
    first, second = (item.finding for item in result.findings)
    assert (first.span.line, len(first.members)) == (2, 2)
    assert first.message.startswith(
        "2 functions have a cyclomatic complexity over 10; the worst is f2 with 31"
    )
    assert (second.span.path, len(second.members)) == ("lib/b.py", 1)
    assert first.key == second.key == "complex-function"
    assert [item.finding.span.line for item in result.suppressed] == [3]


def test_rules_of_one_topic_that_speak_of_a_service_are_one_finding() -> None:
    codes = ("ruff TRY400", "ruff PLW1508")
    found = [
        replace(engine(code, line), members=(Member(f"{code}{line}", f"{code}{line}", at(PATH, line)),))
        for code in codes
        for line in (1, 2)
    ]
    result = settle("a()\nb()\n", *found)
    assert [(t.finding.rule, len(t.finding.members)) for t in result.findings] == [
        ("ruff PLW1508", 2),
        ("ruff TRY400", 2),
    ]
