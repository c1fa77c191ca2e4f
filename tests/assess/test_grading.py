from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archguard.assess.grading import CAPS, STEPS, grade_of, score_area
from archguard.assess.judge import assess
from archguard.model.finding import Confidence, Control, Finding, Severity, State
from tests.assess.made_runs import finding, info, run_of, triaged

FOUND = st.builds(
    lambda severity, confidence, rule, line: finding(
        rule, line=line, severity=severity, confidence=confidence
    ),
    st.sampled_from(Severity),
    st.sampled_from(Confidence),
    st.sampled_from(["AG0101", "AG0901", "AG0601", "AG0905"]),
    st.integers(1, 10_000),
)
STATES: tuple[State, ...] = ("present", "partial", "absent", "unknown")
CONTROLS = st.lists(
    st.builds(
        lambda rule, state: Control(rule, "k", "s", state, "r"),
        st.sampled_from(["AG0603", "AG0605", "AG0609"]),
        st.sampled_from(STATES),
    ),
    max_size=8,
)
LETTERS = [grade for _, grade in STEPS]


@given(st.lists(FOUND, max_size=30), FOUND, CONTROLS, st.integers(0, 500_000))
def test_one_finding_more_never_raises_a_score(
    found: list[Finding], more: Finding, controls: list[Control], lines: int
) -> None:
    before = score_area(found, controls, lines)
    assert score_area([*found, more], controls, lines).value <= before.value


@given(st.lists(FOUND, min_size=1, max_size=12), st.data())
def test_one_finding_less_never_lowers_any_grade(found: list[Finding], data: st.DataObject) -> None:
    gone = data.draw(st.integers(0, len(found) - 1))
    fewer = found[:gone] + found[gone + 1 :]
    before, after = _grades(found), _grades(fewer)
    assert all(_rank(after[area]) <= _rank(before[area]) for area in before)


@given(st.lists(FOUND, max_size=12), st.integers(1000, 5000), st.integers(2, 100))
def test_the_same_density_earns_the_same_score_at_any_size(
    found: list[Finding], lines: int, times: int
) -> None:
    assert score_area(found, (), lines).value == score_area(found * times, (), lines * times).value


@given(CONTROLS, st.integers(0, 20))
def test_a_missing_control_never_raises_a_score(controls: list[Control], kind: int) -> None:
    missing = Control(f"AG06{kind:02}", "k", "s", "absent", "r")
    without = [control for control in controls if control.rule != missing.rule]
    assert score_area((), [*without, missing], 1).value <= score_area((), without, 1).value


def test_an_unknown_control_costs_nothing() -> None:
    assert score_area((), [Control("AG0603", "k", "s", "unknown", "r")], 1).value == 100


@pytest.mark.parametrize("severity", list(CAPS))
def test_one_grave_finding_caps_the_grade_of_however_large_a_service(severity: Severity) -> None:
    assert score_area([finding(severity=severity)], (), 10_000_000).value == CAPS[severity]


def test_a_finding_of_low_confidence_does_not_cap() -> None:
    unsure = finding(severity=Severity.CRITICAL, confidence=Confidence.LOW)
    assert grade_of(score_area([unsure], (), 10_000_000).value) == "A"


def test_the_arithmetic_is_written_out() -> None:
    said = score_area([finding(severity=Severity.HIGH)] * 2, (), 4000).arithmetic
    assert said == "2 high × 10 = 20 points on 4,000 lines = 5 per 1,000; 100 × 10 / (10 + 5) = 66.7"


def _grades(found: Sequence[Finding]) -> dict[str, str | None]:
    rules = [info("AG0101"), info("AG0901"), info("AG0905")]
    judged = assess(run_of([triaged(f, f"{n:016x}") for n, f in enumerate(found)], rules))
    return {"overall": judged.grade, **{area.area: area.grade for area in judged.areas}}


def _rank(grade: str | None) -> int:
    return LETTERS.index(grade) if grade in LETTERS else -1
