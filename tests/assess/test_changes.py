from __future__ import annotations

from msgspec.structs import replace

from archguard.assess.judge import assess
from archguard.model.assessment import Change
from archguard.model.finding import Member, Severity
from archguard.model.run import Run
from tests.assess.made_runs import finding, info, run_of, span, triaged

ONE = triaged(finding(line=1), "1" * 16)
TWO = triaged(finding(line=2), "2" * 16)


def test_findings_are_new_fixed_or_unchanged_by_identity() -> None:
    change = _change(run_of([ONE], [info("AG0901")]), run_of([TWO], [info("AG0901")]))
    assert (change.new, len(change.fixed), change.unchanged) == ((TWO,), 1, 0)
    assert change.fixed[0].startswith("AG0901 in app/services/quotes.py: ")


def test_what_is_no_longer_looked_for_is_not_fixed() -> None:
    change = _change(run_of([ONE], [info("AG0901")]), run_of([], [info("AG0101")]))
    assert (change.fixed, len(change.not_looked_at)) == ((), 1)


def test_what_a_new_rule_sees_is_not_new() -> None:
    change = _change(run_of([], [info("AG0101")]), run_of([ONE], [info("AG0101"), info("AG0901")]))
    assert (change.new, change.first_seen) == ((), (ONE,))


def test_what_became_more_severe_or_reaches_more_has_regressed() -> None:
    graver = replace(ONE, finding=replace(ONE.finding, severity=Severity.CRITICAL))
    member = Member("GET /x", "GET /x", span("app/x.py", 1))
    wider = replace(TWO, finding=replace(TWO.finding, members=(member,)))
    change = _change(run_of([ONE, TWO], [info("AG0901")]), run_of([graver, wider], [info("AG0901")]))
    assert set(change.regressed) == {graver, wider}
    assert change.unchanged == 0


def test_what_is_suppressed_now_is_not_fixed() -> None:
    now = replace(run_of([], [info("AG0901")]), suppressed=(ONE,))
    change = _change(run_of([ONE], [info("AG0901")]), now)
    assert (change.fixed, len(change.suppressed)) == ((), 1)


def test_the_previous_grade_is_judged_by_the_same_arithmetic() -> None:
    worse = run_of([ONE], [info("AG0901")])
    assert _change(worse, run_of([], [info("AG0901")])).previous_grade == assess(worse).grade


def _change(previous: Run, run: Run) -> Change:
    change = assess(run, previous).change
    assert change is not None
    return change
