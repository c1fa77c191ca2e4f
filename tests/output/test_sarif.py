from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema  # type: ignore[import-untyped]
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from archguard.model.finding import Finding, Hop, Member, Severity
from archguard.model.run import Commit, Run, Triaged
from archguard.output import sarif, sarif_limits
from tests.output.sample_run import BLOCKING, CYCLE, SECRET, TIMEOUT, sample_run, span

Json = dict[str, Any]


@cache
def _validator() -> Any:  # noqa: ANN401
    text = (Path(__file__).parent / "schema/sarif-schema-2.1.0.json").read_text(encoding="utf-8")
    return jsonschema.Draft4Validator(json.loads(text))


def log(run: Run, with_suppressed: bool = False) -> Json:
    value: Json = json.loads(sarif.render(run, with_suppressed))
    errors = [f"{list(error.path)}: {error.message}" for error in _validator().iter_errors(value)]
    assert errors == []
    return value


def first_run(run: Run, with_suppressed: bool = False) -> Json:
    value: Json = log(run, with_suppressed)["runs"][0]
    return value


def results(run: Run, rule: str) -> list[Json]:
    return [result for result in first_run(run)["results"] if result["ruleId"] == rule]


def only(*findings: Triaged) -> Run:
    return replace(sample_run(), findings=findings, suppressed=())


def changed(triaged: Triaged, fingerprint: str = "", **changes: object) -> Triaged:
    finding: Finding = replace(triaged.finding, **changes)
    return replace(triaged, finding=finding, fingerprint=fingerprint or triaged.fingerprint)


# --- the whole file -------------------------------------------------------------------------------


def test_the_sample_is_valid_and_deterministic() -> None:
    assert len(first_run(sample_run())["results"]) == 5
    assert sarif.render(sample_run()) == sarif.render(sample_run())


def test_a_run_without_findings_still_has_results_so_that_old_alerts_are_closed() -> None:
    run = first_run(Run("", "0.1.0", Commit(), (), ()))
    assert run["results"] == []
    assert run["tool"]["driver"]["rules"] == []
    assert "versionControlProvenance" not in run


def test_the_order_of_findings_does_not_matter() -> None:
    run = sample_run()
    backwards = replace(run, findings=run.findings[::-1], rules=run.rules[::-1])
    assert sarif.render(backwards) == sarif.render(run)


def test_paths_are_relative_to_the_root_and_no_absolute_path_is_declared() -> None:
    run = first_run(sample_run())
    assert set(run["originalUriBaseIds"]["%SRCROOT%"]) == {"description"}
    uris = {r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in run["results"]}
    assert "services/worker/stra%C3%9Fe%20%26%20co/settings.py" in uris
    assert {unquote(uri) for uri in uris} == {t.finding.span.path for t in sample_run().findings}


def test_a_path_that_is_no_utf8_or_looks_like_a_scheme_is_percent_encoded() -> None:
    (result,) = results(only(changed(CYCLE, span=span("a:b/\udcff.py", 3))), "AG0101")
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "a%3Ab/%FF.py"


def test_columns_are_utf16_code_units() -> None:
    assert first_run(sample_run())["columnKind"] == "utf16CodeUnits"


# --- identity -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("prefix", "category"),
    [
        ("", "archguard/native/"),
        (".", "archguard/native/"),
        ("services/api", "archguard/native/services/api/"),
        ("services/api/", "archguard/native/services/api/"),
    ],
)
def test_the_category_ends_in_a_slash_or_github_takes_it_for_empty(prefix: str, category: str) -> None:
    run = replace(sample_run(), target="checkout", prefix=prefix)
    assert first_run(run)["automationDetails"]["id"] == category


def test_findings_of_other_tools_alone_have_a_run_and_category_of_their_own() -> None:
    foreign = changed(CYCLE, "f" * 32, rule="bandit B608", sources=("bandit B608",))
    run = replace(sample_run(), findings=(*sample_run().findings, foreign), engines=(("ruff", "0.17.6"),))
    runs = log(run)["runs"]
    assert [r["tool"]["driver"]["name"] for r in runs] == ["archguard", "bandit", "ruff"]
    assert [r["automationDetails"]["id"] for r in runs] == [
        "archguard/native/",
        "archguard/bandit/",
        "archguard/ruff/",
    ]
    assert [len(r["results"]) for r in runs] == [5, 1, 0]
    assert runs[2]["tool"]["driver"]["semanticVersion"] == "0.17.6"


def test_there_are_never_more_runs_than_github_takes() -> None:
    many = [changed(CYCLE, f"{n:032x}", rule=f"tool{n} X", sources=(f"tool{n} X",)) for n in range(30)]
    runs = log(only(*many))["runs"]
    assert len(runs) == 20
    assert sum(len(run["results"]) for run in runs) == 30


def test_fingerprints_are_githubs_and_our_own() -> None:
    (result,) = results(sample_run(), "AG0901")
    assert result["partialFingerprints"] == {
        "archguard/v1": BLOCKING.fingerprint,
        "primaryLocationLineHash": BLOCKING.line_hash,
    }


def test_two_findings_of_a_rule_on_a_line_are_one_result_that_tells_of_both() -> None:
    other = changed(
        TIMEOUT,
        "9" * 32,
        message="`requests.post` has no timeout.",
        span=span(TIMEOUT.finding.span.path, 48, 50),
    )
    (result,) = results(only(TIMEOUT, other), "AG0601")
    assert "Also on this line: `requests.post` has no timeout." in result["message"]["text"]
    assert [folded["fingerprint"] for folded in result["properties"]["sameLine"]] == ["9" * 32]


def test_rule_and_line_name_one_result() -> None:
    run = sample_run()
    doubled = replace(
        run, findings=run.findings + tuple(replace(t, fingerprint=t.fingerprint[::-1]) for t in run.findings)
    )
    places = [
        (
            r["ruleId"],
            r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
            r["locations"][0]["physicalLocation"]["region"]["startLine"],
        )
        for r in first_run(doubled)["results"]
    ]
    assert len(places) == len(set(places)) == 5


# --- rules ----------------------------------------------------------------------------------------


def test_rules_have_all_that_code_scanning_requires_and_recommends() -> None:
    for rule in first_run(sample_run())["tool"]["driver"]["rules"]:
        for text in (rule["shortDescription"]["text"], rule["fullDescription"]["text"]):
            assert 0 < len(text) <= 1024
        assert 0 < len(rule["name"]) <= 255
        assert rule["help"]["text"]
        assert rule["help"]["markdown"]
        assert rule["defaultConfiguration"]["level"] in {"error", "warning", "note"}
        assert rule["properties"]["precision"] in {"very-high", "high", "medium", "low"}
        assert rule["properties"]["problem.severity"] in {"error", "warning", "recommendation"}
        assert 0 < len(rule["properties"]["tags"]) <= 9


def test_only_security_rules_count_as_security() -> None:
    rules = first_run(sample_run())["tool"]["driver"]["rules"]
    marked = {rule["id"] for rule in rules if "security-severity" in rule["properties"]}
    tagged = {rule["id"] for rule in rules if "security" in rule["properties"]["tags"]}
    assert marked == tagged == {"AG0801"}


def test_long_and_empty_texts_of_rules_are_cut_and_filled() -> None:
    info = sample_run().rules[0]
    endless = replace(info, title="word " * 1000, doc="word " * 1000)
    for odd in (endless, replace(info, title="x" * 5000), replace(info, title="", doc="", name="")):
        (rule, *_) = first_run(replace(sample_run(), rules=(odd,)))["tool"]["driver"]["rules"]
        assert 0 < len(rule["shortDescription"]["text"]) <= 1024
        assert 0 < len(rule["fullDescription"]["text"]) <= 1024
        assert rule.get("name") != ""
        assert rule["help"]["markdown"]


def test_a_rule_without_metadata_still_has_texts() -> None:
    run = first_run(replace(sample_run(), rules=()))
    assert all(
        rule["help"]["text"] and rule["shortDescription"]["text"] for rule in run["tool"]["driver"]["rules"]
    )


def test_a_result_points_at_its_rule() -> None:
    run = first_run(sample_run())
    rules = run["tool"]["driver"]["rules"]
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])
    assert len({rule["id"] for rule in rules}) == len(rules)


@pytest.mark.parametrize(
    ("version", "semantic"),
    [("0.1.0", "0.1.0"), ("1.2.3-rc.1", "1.2.3-rc.1"), ("1.2.3.dev4+g12", "1.2.3"), ("unknown", None)],
)
def test_the_semantic_version_is_one_or_is_left_out(version: str, semantic: str | None) -> None:
    driver = first_run(replace(sample_run(), tool_version=version))["tool"]["driver"]
    assert (driver["version"], driver.get("semanticVersion")) == (version, semantic)


# --- a result's message and places ----------------------------------------------------------------


def test_the_message_leads_with_its_sentence_and_links_every_step() -> None:
    (result,) = results(sample_run(), "AG0901")
    text = result["message"]["text"]
    assert text.startswith(BLOCKING.finding.message.split("\n")[0])
    ids = [related["id"] for related in result["relatedLocations"]]
    assert ids == list(range(1, len(ids) + 1))
    assert all(f"]({number})" in text for number in ids)


def test_text_of_the_reviewed_code_makes_no_link() -> None:
    (result,) = results(sample_run(), "AG0901")
    assert "[note] (1) and items[0]" in result["message"]["text"]


def test_brackets_in_the_text_of_a_link_are_escaped() -> None:
    hop = Hop(span("a.py", 1), "handlers[name](event)")
    (result,) = results(only(changed(CYCLE, related=(hop,))), "AG0101")
    assert "[handlers\\[name\\](event)](1)" in result["message"]["text"]


def test_a_result_has_one_location_on_one_line() -> None:
    for result in first_run(sample_run())["results"]:
        (location,) = result["locations"]
        region = location["physicalLocation"]["region"]
        assert region["startLine"] == region["endLine"]
        assert region["startColumn"] < region["endColumn"]


def test_a_place_over_several_lines_ends_with_its_first() -> None:
    (result,) = results(sample_run(), "AG0801")
    region = result["locations"][0]["physicalLocation"]["region"]
    assert (region["endLine"], region["endColumn"]) == (7, len(SECRET.excerpt[0]) + 1)


def test_chains_are_code_flows_the_shortest_first_and_are_limited() -> None:
    (result,) = results(sample_run(), "AG0901")
    lengths = [len(flow["threadFlows"][0]["locations"]) for flow in result["codeFlows"]]
    assert lengths == [3, 3, 4]
    hops = tuple(Hop(span("a.py", line), f"hop {line}") for line in range(1, 101))
    members = tuple(Member(f"m{n}", f"m{n}", span("a.py", 1), hops) for n in range(200))
    (result,) = results(only(changed(BLOCKING, members=members)), "AG0901")
    assert {len(flow["threadFlows"][0]["locations"]) for flow in result["codeFlows"]} == {20}
    assert len(result["codeFlows"]) == 10
    assert len(result["relatedLocations"]) < 100
    assert "and 150 more" in result["message"]["text"]


def test_edits_are_fixes_and_levels_follow_the_severity() -> None:
    (result,) = results(sample_run(), "AG0901")
    (change,) = result["fixes"][0]["artifactChanges"]
    assert [r["deletedRegion"]["startLine"] for r in change["replacements"]] == [1, 25]
    levels = {r["ruleId"]: r["level"] for r in first_run(sample_run())["results"]}
    assert levels == {
        "AG0101": "warning",
        "AG0601": "error",
        "AG0801": "error",
        "AG0901": "error",
        "AG0905": "note",
    }


def test_novelty_is_the_baseline_state() -> None:
    states = {r["ruleId"]: r.get("baselineState") for r in first_run(sample_run())["results"]}
    assert states == {"AG0101": "new", "AG0601": "new", "AG0801": None, "AG0901": "updated", "AG0905": None}


def test_suppressed_findings_are_left_out_unless_asked_for() -> None:
    assert not any("suppressions" in result for result in first_run(sample_run())["results"])
    suppressed = [r for r in first_run(sample_run(), True)["results"] if "suppressions" in r]
    assert [r["suppressions"][0]["justification"] for r in suppressed] == ["the peer is on this host"]


# --- failures, provenance, limits -----------------------------------------------------------------


def test_failures_are_notifications_and_never_look_like_clean() -> None:
    (invocation,) = first_run(sample_run())["invocations"]
    assert invocation["executionSuccessful"] is False
    notes = [
        (n["level"], n["descriptor"]["id"], n["message"]["text"])
        for n in invocation["toolExecutionNotifications"]
    ]
    assert notes == [
        ("warning", "file", "services/api/app/broken.py: syntax error: '(' was never closed"),
        ("error", "rule", "AG0302: KeyError: 'routes'"),
        ("warning", "engine", "semgrep: not installed"),
    ]
    assert invocation["toolExecutionNotifications"][0]["locations"]
    assert invocation["toolConfigurationNotifications"][0]["level"] == "note"


def test_the_commit_is_the_provenance_without_credentials() -> None:
    commit = replace(sample_run().commit, url="https://user:word@github.com/example/quotes?token=1")
    (provenance,) = first_run(replace(sample_run(), commit=commit))["versionControlProvenance"]
    assert provenance["repositoryUri"] == "https://github.com/example/quotes"
    assert provenance["revisionId"] == commit.hash


@pytest.mark.parametrize("url", ["", "git@github.com:example/quotes.git", "https://", "file:///srv/git"])
def test_without_a_web_address_there_is_no_provenance(url: str) -> None:
    run = first_run(replace(sample_run(), commit=replace(sample_run().commit, url=url)))
    assert "versionControlProvenance" not in run
    assert run["properties"]["commit"] == sample_run().commit.hash


def test_what_exceeds_githubs_limit_is_cut_by_rank_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    groups = sarif_limits.groups(sample_run().findings)
    kept, said = sarif_limits.cut(groups, 3)
    assert [group[0].finding.severity for group in kept] == [Severity.CRITICAL, Severity.HIGH, Severity.HIGH]
    assert said.startswith("2 of 5 results are left out, the least severe (1 medium, 1 low)")
    monkeypatch.setattr(sarif_limits.cut, "__defaults__", (3,))
    run = first_run(sample_run())
    assert len(run["results"]) == 3
    assert run["invocations"][0]["toolExecutionNotifications"][-1]["descriptor"]["id"] == "cut"


def test_a_file_too_large_for_an_upload_is_named_with_its_size(monkeypatch: pytest.MonkeyPatch) -> None:
    content = sarif.render(sample_run())
    assert sarif_limits.too_large(content) == ""
    monkeypatch.setattr(sarif_limits, "MAX_UPLOAD", 100)
    assert "MB compressed" in sarif_limits.too_large(content)


# --- any text -------------------------------------------------------------------------------------

ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=60)


@settings(max_examples=40, deadline=None)
@given(ANY_TEXT, ANY_TEXT, ANY_TEXT)
def test_whatever_the_texts_are_the_file_is_valid_and_without_control_characters(
    message: str, label: str, excerpt: str
) -> None:
    member = Member(label, label, span("a.py", 1), (Hop(span("a.py", 2), label),))
    odd = replace(
        changed(BLOCKING, message=message, key=label, members=(member,), evidence=((label, excerpt),)),
        excerpt=(excerpt,) * 4,
        service=label,
    )
    content = sarif.render(only(odd))
    assert log(only(odd))
    decoded = json.loads(content)
    assert not any(ord(c) < 32 and c not in "\n\t" for text in _strings(decoded) for c in text)
    assert content.decode("utf-8")


def _strings(value: object) -> list[str]:
    match value:
        case str():
            return [value]
        case dict():
            return [text for item in value.items() for part in item for text in _strings(part)]
        case list():
            return [text for item in value for text in _strings(item)]
    return []
