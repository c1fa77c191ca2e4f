from __future__ import annotations

from markdown_it import MarkdownIt
from msgspec.structs import replace

from archguard.assess.judge import assess
from archguard.model.run import Run
from archguard.output.report.check import check
from archguard.output.report.markdown import render
from archguard.output.report.outline import SECTIONS
from tests.assess.made_runs import QUOTES, clean_run, finding, full_run, info, run_of, triaged
from tests.output.report.hostile import CODE, PATH, hostile_run
from tests.output.sample_run import sample_run


def test_all_sections_stand_in_their_order() -> None:
    heads = [text for text in render(assess(full_run())).splitlines() if text.startswith("## ")]
    assert heads == [f"## {number}. {name}" for number, name in enumerate(SECTIONS, start=1)]


def test_a_clean_service_gets_a_short_report() -> None:
    assert len(render(assess(clean_run())).split()) < 750


def test_an_area_without_rules_is_not_yet_assessed() -> None:
    assert "\n### 2.2 Database: not yet assessed\n" in render(assess(clean_run()))


def test_citations_lead_to_the_commit_on_the_web() -> None:
    link = "https://github.com/acme/quotes/blob/c0ffee0000000000000000000000000000000000/app/services/quotes.py#L6"
    assert f"[`app/services/quotes.py:6`]({link})" in render(assess(full_run()))


def test_citations_are_relative_where_the_commit_is_not_what_was_read() -> None:
    run = full_run()
    dirty = replace(run, commit=replace(run.commit, dirty=True))
    assert "[`app/services/quotes.py:6`](../app/services/quotes.py#L6)" in render(assess(dirty))


def test_a_mechanical_fix_is_a_diff() -> None:
    text = render(assess(full_run()))
    assert "-    response = requests.get(url)\n+    response = requests.get(url, timeout=5)\n" in text


def test_every_finding_has_its_place_in_the_report() -> None:
    found = [triaged(finding(line=n % 7 + 1, key=str(n)), f"{n:016x}", QUOTES) for n in range(40)]
    text = render(assess(run_of(found, [info("AG0901")])))
    assert all(f'<a id="finding-{t.fingerprint}"></a>' in text for t in found)


def test_changes_since_the_last_assessment_are_said() -> None:
    run = full_run()
    text = render(assess(run, replace(run, findings=run.findings[1:])))
    assert "### Since the last assessment" in text
    assert "1 new, 0 fixed, 2 unchanged." in text


def test_a_run_against_a_commit_says_what_is_new_and_gives_no_grade() -> None:
    text = render(assess(replace(full_run(), since="main", fixed=2)))
    assert "**Overall grade: none**, for this run holds only what is new against main." in text
    assert "Against `main`: 3 new, 2 fixed." in text


def test_the_same_run_gives_the_same_bytes_in_any_order() -> None:
    run = full_run()
    assert render(assess(_turned(run))) == render(assess(run))


def test_hostile_names_change_nothing_but_words() -> None:
    text = render(assess(hostile_run()))
    assert check(text, _read) == []
    html = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)
    raw = {t.content.strip() for token in html for t in (token, *(token.children or [])) if "html" in t.type}
    assert {tag.split(" ")[0].split(">")[0].strip("</") for line in raw for tag in line.split("\n")} <= {
        "a",
        "details",
        "summary",
    }
    assert "<script" not in "".join(raw)
    links = {
        str(child.attrs["href"])[:3]
        for token in html
        for child in token.children or []
        if "href" in child.attrs
    }
    assert {link[:1] for link in links} == {"#", "."}


def test_the_sample_of_the_other_outputs_is_rendered() -> None:
    assert "## 9. Appendix" in render(assess(sample_run()))


def _read(path: str) -> bytes:
    if path != PATH:
        raise FileNotFoundError(path)
    return CODE.encode()


def _turned(run: Run) -> Run:
    return replace(run, findings=run.findings[::-1], controls=run.controls[::-1], rules=run.rules[::-1])
