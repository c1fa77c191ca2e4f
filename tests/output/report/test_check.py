from __future__ import annotations

from archguard.assess.judge import assess
from archguard.model.finding import Fix
from archguard.output.report.check import check
from archguard.output.report.markdown import render
from tests.assess.made_runs import QUOTES, finding, full_run, info, run_of, triaged

FOUND = (triaged(finding(fix=Fix("Wait in a thread.", "await to_thread(f)")), "1" * 16, QUOTES),)
FILES = {"app/services/quotes.py": QUOTES.encode()}


def test_a_report_that_is_true_has_no_problem() -> None:
    assert _problems(_report()) == []


def test_a_cited_file_that_is_gone_is_a_problem() -> None:
    assert "there is no such file" in _problems(_report(), {})[0]


def test_a_cited_line_beyond_the_end_is_a_problem() -> None:
    (said,) = _problems(
        _report().replace("py:6`](../app/services/quotes.py#L6", "py:60`](../app/services/quotes.py#L60", 1)
    )
    assert said.endswith("app/services/quotes.py:60 is cited, but the file has 7 lines")


def test_a_link_that_leads_elsewhere_is_a_problem() -> None:
    (said,) = _problems(_report().replace("quotes.py#L6)", "quotes.py#L7)", 1))
    assert "leads elsewhere" in said


def test_a_quoted_line_that_reads_otherwise_is_a_problem_at_its_line() -> None:
    text = _report().replace("    response = requests.get(url)\n", "    response = httpx.get(url)\n")
    line = text.split("\n").index("    response = httpx.get(url)") + 1
    assert _problems(text) == [f"{line}: app/services/quotes.py:6 reads otherwise than it is quoted"]


def test_masked_characters_of_a_quoted_line_are_not_compared() -> None:
    assert (
        _problems(_report().replace("requests.get(url)\n    return", "requests.get(***)\n    return")) == []
    )


def test_a_missing_section_and_a_missing_area_are_problems() -> None:
    text = (
        _report()
        .replace("## 6. Critical path items", "")
        .replace("### 2.7 Observability", "### Observability")
    )
    said = " ".join(_problems(text))
    assert "no heading '## 6. Critical path items'" in said
    assert "no heading '### 2.7 Observability'" in said


def test_a_missing_rollout_and_a_missing_effort_are_problems() -> None:
    text = _report()
    kept = [part for part in text.split("\n") if not part.startswith(("- **Zero", "- **Effort"))]
    said = " ".join(_problems("\n".join(kept)))
    assert "R1 does not say its effort" in said
    assert "R1 does not say its zero regression" in said


def test_a_recommendation_without_code_is_a_problem() -> None:
    text = render(assess(run_of([triaged(finding(), "1" * 16)], [info("AG0901")])))
    assert [said.split(": ")[1] for said in _problems(text)] == ["R1 shows no code"]


def test_an_empty_cell_of_the_matrix_is_a_problem() -> None:
    text = _report().replace("| high | Rule AG0901", "| urgent | Rule AG0901").replace("| 2–3 h |", "|  |")
    said = " ".join(_problems(text))
    assert "urgent is no priority" in said
    assert "Effort is not filled in" in said


def test_a_link_to_a_finding_that_is_not_shown_is_a_problem() -> None:
    text = _report().replace('<a id="finding-1111111111111111"></a>', "")
    assert "a link leads to #finding-1111111111111111" in _problems(text)[0]


def test_a_finding_that_no_result_has_is_a_problem() -> None:
    problems = check(_report(), FILES.__getitem__, known=["2" * 16])
    assert [problem.message for problem in problems] == ["the finding 1111111111111111 is in no result given"]


def test_a_broken_diagram_is_a_problem_at_its_line() -> None:
    text = render(assess(full_run())).replace('c1["app.main<br/>1 module"]', 'c1["app.main<br/>1 module]')
    line = next(n for n, part in enumerate(text.split("\n"), 1) if "1 module]" in part)
    assert f"{line}: the diagram has a quote that is not closed" in _problems(text)


def test_a_fold_that_is_not_closed_is_a_problem() -> None:
    assert "a <details> that is not closed" in _problems(_report().replace("</details>", "", 1))[-1]


def _report() -> str:
    return render(assess(run_of(FOUND, [info("AG0901")])))


def _problems(text: str, files: dict[str, bytes] | None = None) -> list[str]:
    there = FILES if files is None else files

    def read(path: str) -> bytes:
        if path not in there:
            raise FileNotFoundError(path)
        return there[path]

    return [f"{problem.line}: {problem.message}" for problem in check(text, read)]
