from __future__ import annotations

from msgspec.structs import replace

from archguard.assess.judge import assess
from archguard.model.finding import Confidence, Severity
from archguard.model.run import Failure
from tests.assess.made_runs import clean_run, finding, full_run, info, run_of, triaged


def test_an_area_without_a_rule_has_no_grade_and_says_why() -> None:
    areas = {area.area: area for area in assess(clean_run()).areas}
    assert areas["database"].grade is None
    assert areas["database"].gap == "no rule of this area ran"
    assert areas["concurrency"].grade == "A"


def test_a_finding_of_an_area_without_a_rule_gives_it_no_grade() -> None:
    judged = assess(run_of([triaged(finding("AG0206"))], [info("AG0901")]))
    database = next(area for area in judged.areas if area.area == "database")
    assert (database.grade, len(database.findings)) == (None, 1)


def test_an_area_whose_rules_all_crashed_has_no_grade() -> None:
    run = replace(clean_run(), failures=(Failure("rule", "AG0901", "KeyError", True),))
    concurrency = next(area for area in assess(run).areas if area.area == "concurrency")
    assert concurrency.grade is None
    assert "AG0901" in concurrency.gap


def test_nothing_that_ran_is_not_a_grade() -> None:
    judged = assess(run_of())
    assert (judged.grade, judged.verdict) == (None, "not assessed")
    assert judged.conditions == ("no rule of this area ran",)


def test_without_a_size_there_is_no_grade_but_a_critical_finding_still_decides() -> None:
    grave = triaged(finding(severity=Severity.CRITICAL))
    judged = assess(run_of([grave], [info("AG0901")], lines=0))
    assert (judged.grade, judged.verdict) == (None, "not ready")
    assert assess(run_of([], [info("AG0901")], lines=0)).verdict == "not assessed"


def test_what_is_only_the_difference_to_a_commit_has_no_grade() -> None:
    judged = assess(replace(clean_run(), since="main"))
    assert (judged.grade, judged.verdict) == (None, "not assessed")
    assert judged.conditions == ("this run holds only what is new against main",)


def test_the_overall_grade_comes_from_assessed_areas_only() -> None:
    assert (
        assess(clean_run()).arithmetic
        == "half the mean of 2 assessed areas, 100, and half the worst of them, 100 = 100"
    )


def test_a_clean_service_is_ready_only_under_the_condition_of_what_was_not_assessed() -> None:
    judged = assess(clean_run())
    assert judged.verdict == "conditionally ready"
    assert judged.conditions[0].startswith("not yet assessed: Database, ")


def test_a_critical_finding_makes_a_service_not_ready() -> None:
    judged = assess(run_of([triaged(finding(severity=Severity.CRITICAL))], [info("AG0901")]))
    assert judged.verdict == "not ready"
    assert judged.conditions[0] == "1 critical finding blocks production"


def test_a_critical_finding_of_low_confidence_does_not_hang_the_verdict() -> None:
    unsure = finding(severity=Severity.CRITICAL, confidence=Confidence.LOW)
    assert assess(run_of([triaged(unsure)], [info("AG0901")])).verdict == "conditionally ready"


def test_fixed_findings_do_not_count() -> None:
    gone = replace(triaged(finding()), novelty="fixed")
    assert assess(run_of([gone], [info("AG0901")])).grade == "A"


def test_a_finding_of_an_unknown_rule_is_shown_outside_the_ten_areas() -> None:
    judged = assess(run_of([triaged(finding("S113"))], [info("AG0901")]))
    assert [(a.area, len(a.findings)) for a in judged.areas if a.findings] == [("other", 1)]


def test_recommendations_group_findings_of_one_cause() -> None:
    found = [triaged(finding(line=n), f"{n:016x}") for n in range(1, 4)]
    (made,) = assess(run_of(found, [info("AG0901")])).recommendations
    assert len(made.findings) == 3
    assert made.hours == (3.0, 4.5)
    assert made.components == ("app/services",)


def test_findings_with_another_cause_are_another_recommendation() -> None:
    found = [
        triaged(finding(line=n, evidence=(("cause", name),)), f"{n:016x}")
        for n, name in enumerate(("redis", "requests"), 1)
    ]
    assert len(assess(run_of(found, [info("AG0901")])).recommendations) == 2


def test_the_critical_path_starts_with_what_callers_do_not_notice() -> None:
    found = [triaged(finding("AG0901"), "1" * 16), triaged(finding("AG0905"), "2" * 16)]
    judged = assess(run_of(found, [info("AG0901", breaks=True), info("AG0905")]))
    assert [made.rule for made in judged.critical_path] == ["AG0905", "AG0901"]


def test_recommendations_do_not_depend_on_the_order_of_findings() -> None:
    run = full_run()
    turned = replace(run, findings=run.findings[::-1], rules=run.rules[::-1])
    assert assess(turned).recommendations == assess(run).recommendations
