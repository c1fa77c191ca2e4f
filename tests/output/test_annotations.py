from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from archguard.model.place import Place, Span
from archguard.model.run import Commit, Run
from archguard.output.annotations import render
from tests.output.sample_run import BLOCKING, CYCLE, DROPPED_TASK, TIMEOUT, sample_run

EMPTY = Run("", "0.1.0", Commit(), (), ())


def test_a_finding_is_an_annotation_at_its_place() -> None:
    text = render(replace(EMPTY, findings=(CYCLE,)))
    assert text == (
        "::warning file=services/api/app/a.py,line=3,endLine=3,col=1,endColumn=24,title=AG0101::"
        "app.a and app.b import each other.\n"
    )


def test_the_chain_and_the_fix_are_lines_of_the_message() -> None:
    text = render(replace(EMPTY, findings=(replace(BLOCKING, novelty="new"),)))
    assert (
        "reached from 3; the shortest way:%0A→ GET /quotes/{symbol} (services/api/app/routes/quotes.py:22)%0A"
        in text
    )
    assert text.endswith("%0Afix: Run it in a thread.\n")
    assert text.count("\n") == 1


def test_a_failure_that_changes_the_exit_status_comes_first() -> None:
    first = render(sample_run()).splitlines()[0]
    assert first == "::error title=archguard%3A rule failed::AG0302: KeyError: 'routes'"


def test_ten_of_a_level_are_shown_worst_first_and_the_rest_is_counted() -> None:
    findings = tuple(replace(t, fingerprint=f"{n:032x}") for n in range(15) for t in (TIMEOUT, DROPPED_TASK))
    lines = render(replace(EMPTY, findings=findings)).splitlines()
    assert [sum(line.startswith(f"::{level} ") for line in lines) for level in ("error", "notice")] == [
        10,
        10,
    ]
    assert lines[-1].endswith("::11 more are not shown here (5 error, 6 notice): GitHub shows 10 of a level.")


def test_in_a_comparison_only_what_is_new_is_shown_at_what_is_new() -> None:
    old = replace(CYCLE, novelty="known")
    lines = render(replace(EMPTY, findings=(old, BLOCKING, TIMEOUT), since="main")).splitlines()
    assert [line.split(",")[:2] for line in lines] == [
        ["::error file=services/api/app/services/quotes.py", "line=48"],
        ["::error file=services/api/app/routes/quotes.py", "line=61"],
    ]


def test_a_place_over_several_lines_has_no_columns() -> None:
    finding = replace(CYCLE.finding, span=Span("a.py", Place(1, 2, 3, 4)))
    assert "line=1,endLine=3,title" in render(replace(EMPTY, findings=(replace(CYCLE, finding=finding),)))


def test_a_clean_run_says_nothing() -> None:
    assert render(EMPTY) == ""


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_text_can_end_a_command_or_start_another(path: str, message: str) -> None:
    finding = replace(CYCLE.finding, message=message, span=Span(path, CYCLE.finding.span.place))
    text = render(replace(EMPTY, findings=(replace(CYCLE, finding=finding),)))
    assert text.count("\n") == 1
    assert "\r" not in text
    properties = text.removeprefix("::warning ").split("::")[0]
    assert [item.split("=")[0] for item in properties.split(",")] == [
        "file",
        "line",
        "endLine",
        "col",
        "endColumn",
        "title",
    ]


def test_the_module_is_not_hidden_by_the_future_of_its_name() -> None:
    import archguard.output

    assert not hasattr(archguard.output, "annotations") or hasattr(archguard.output.annotations, "render")
