from __future__ import annotations

import json
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from archguard.assess.reading import read_runs
from archguard.model.finding import Confidence, Severity
from archguard.model.run import Commit, Run
from archguard.output import sarif, sidecar
from archguard.triage.settle import in_order
from tests.output.sample_run import BLOCKING, CYCLE, SECRET, TIMEOUT, sample_run, span

Json = dict[str, Any]


def ordered(run: Run) -> Run:
    return replace(
        run,
        findings=in_order(run.findings),
        suppressed=in_order(run.suppressed),
        engines=tuple(sorted(run.engines)),
    )


def foreign(tool: str, *results: Json, rules: tuple[Json, ...] = (), **more: object) -> bytes:
    driver = {"name": tool, "version": "1.0.0", "rules": list(rules)}
    run = {"tool": {"driver": driver}, "results": list(results), **more}
    return json.dumps({"version": "2.1.0", "runs": [run]}).encode()


def result(
    rule: str, uri: str = "app/a.py", line: int = 3, text: str = "It is wrong.", **more: object
) -> Json:
    physical = {"artifactLocation": {"uri": uri}, "region": {"startLine": line, "startColumn": 5}}
    return {"ruleId": rule, "message": {"text": text}, "locations": [{"physicalLocation": physical}], **more}


# --- our own files --------------------------------------------------------------------------------


def test_sarif_and_sidecar_give_the_run_back() -> None:
    run = sample_run()
    files = [("a.sarif", sarif.render(run)), ("archguard.json", sidecar.encode(run))]
    for order in permutations(files):
        assert read_runs(order) == ordered(run)


def test_the_sidecar_alone_gives_the_run_back() -> None:
    assert read_runs([("archguard.json", sidecar.encode(sample_run()))]) == ordered(sample_run())


def test_sarif_alone_gives_back_all_that_sarif_has_a_place_for() -> None:
    run = replace(sample_run(), prefix="services", target="quotes")
    read = read_runs([("a.sarif", sarif.render(run, with_suppressed=True))])
    for name in ("target", "prefix", "tool_version", "commit", "rules"):
        assert getattr(read, name) == getattr(run, name)
    assert {t.fingerprint: t for t in read.suppressed} == {t.fingerprint: t for t in run.suppressed}
    assert read.unused_suppressions == run.unused_suppressions
    assert read.failures == run.failures
    assert [t.fingerprint for t in read.findings] == [t.fingerprint for t in ordered(run).findings]
    by_print = {t.fingerprint: t for t in read.findings}
    assert by_print[TIMEOUT.fingerprint] == TIMEOUT
    assert by_print[CYCLE.fingerprint] == CYCLE
    blocking = by_print[BLOCKING.fingerprint]
    assert blocking.finding.members == BLOCKING.finding.members
    assert blocking.finding.related == BLOCKING.finding.related
    assert blocking.finding.evidence == BLOCKING.finding.evidence
    assert blocking.finding.fix is not None
    assert blocking.finding.fix.code == BLOCKING.finding.fix.code if BLOCKING.finding.fix else True
    assert blocking.excerpt == BLOCKING.excerpt


def test_findings_folded_for_code_scanning_are_unfolded() -> None:
    path = TIMEOUT.finding.span.path
    other = replace(
        TIMEOUT,
        fingerprint="9" * 32,
        finding=replace(TIMEOUT.finding, key="other", message="Another.", span=span(path, 48, 50)),
    )
    run = replace(sample_run(), findings=(TIMEOUT, other))
    assert set(read_runs([("a.sarif", sarif.render(run))]).findings) == {
        TIMEOUT,
        replace(other, excerpt=TIMEOUT.excerpt),
    }


def test_another_tools_run_in_our_file_is_read_as_ours() -> None:
    finding = replace(CYCLE.finding, rule="bandit B608", sources=("bandit B608",))
    run = replace(sample_run(), findings=(replace(CYCLE, finding=finding),), engines=(("bandit", "1.9.4"),))
    read = read_runs([("a.sarif", sarif.render(run))])
    assert read.findings == run.findings
    assert read.engines == run.engines


def test_sidecars_of_shards_are_one_run() -> None:
    run = sample_run()
    left = replace(run, findings=(BLOCKING, SECRET), target="services/api")
    right = replace(run, findings=(TIMEOUT, BLOCKING), target="services/worker")
    files = [("l/archguard.json", sidecar.encode(left)), ("r/archguard.json", sidecar.encode(right))]
    read = read_runs(files)
    assert {t.fingerprint for t in read.findings} == {t.fingerprint for t in (BLOCKING, SECRET, TIMEOUT)}
    assert read.stats.files == 240
    assert read.inventory == run.inventory
    assert read.failures == run.failures
    assert read == read_runs(files[::-1])


def test_the_same_file_twice_counts_once() -> None:
    content = sidecar.encode(replace(sample_run(), fail_on=None))
    read = read_runs([("a", content), ("b", content), ("0", b"broken")])
    assert read.stats == sample_run().stats
    assert read.fail_on is None


def test_files_of_different_commits_are_said_to_be() -> None:
    other = replace(sample_run(), commit=Commit("f" * 40))
    read = read_runs([("a", sidecar.encode(sample_run())), ("b", sidecar.encode(other))])
    assert "different commits: 0a1b2c3d4e5f, ffffffffffff" in read.failures[-1].reason


def test_a_newer_sidecar_is_a_failure_with_its_name() -> None:
    (failure,) = read_runs([("old/archguard.json", b'{"archguard": 99}')]).failures
    assert failure.subject == "old/archguard.json"
    assert "newer archguard" in failure.reason


# --- broken files ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe{", b"[]", b"{}", b'{"runs": 3}', b'{"version": "1.0.0", "runs": []}', b"[" * 100_000],
)
def test_a_broken_file_is_a_failure_with_its_name_and_the_others_count(content: bytes) -> None:
    read = read_runs([("broken.sarif", content), ("good.sarif", foreign("ruff", result("E501")))])
    (failure,) = read.failures
    assert (failure.subject, failure.fatal) == ("broken.sarif", True)
    assert "\n" not in failure.reason
    assert len(read.findings) == 1


def test_a_run_without_results_is_a_failure_and_its_neighbours_count() -> None:
    value = json.loads(foreign("ruff", result("E501")))
    value["runs"].insert(0, {"tool": {"driver": {"name": "semgrep"}}})
    read = read_runs([("x.sarif", json.dumps(value).encode())])
    assert [f.reason for f in read.failures] == ["run 1 (semgrep) has no list of results"]
    assert len(read.findings) == 1


NAMES = [
    "archguard",
    "runs",
    "version",
    "tool",
    "driver",
    "name",
    "rules",
    "results",
    "id",
    "ruleId",
    "ruleIndex",
    "message",
    "text",
    "locations",
    "physicalLocation",
    "artifactLocation",
    "uri",
    "uriBaseId",
    "region",
    "startLine",
    "properties",
    "level",
    "suppressions",
    "invocations",
    "automationDetails",
    "relatedLocations",
    "members",
    "sameLine",
    "fix",
    "codeFlows",
    "fixes",
    "artifactChanges",
    "replacements",
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(NAMES),
            inner,
            max_size=6,
        )
    ),
    max_leaves=40,
)


@given(JSON, st.booleans())
def test_no_json_makes_reading_crash(value: object, own: bool) -> None:
    wrapped = {"version": "2.1.0", "runs": [{"results": [value], "tool": value}]}
    if own:
        wrapped["runs"][0]["automationDetails"] = {"id": "archguard/native/"}  # type: ignore[index]
    for content in (value, wrapped):
        run = read_runs([("x", json.dumps(content).encode())])
        sarif.render(run)
        sidecar.encode(run)


# --- other tools ----------------------------------------------------------------------------------


def test_absolute_paths_under_the_root_are_made_relative() -> None:
    content = foreign("ruff", result("S113", "file:///work/repo/app/my%20a.py"))
    assert read_runs([("r", content)], root="/work/repo").findings[0].finding.span.path == "app/my a.py"


def test_absolute_paths_outside_are_left_out_and_said() -> None:
    read = read_runs(
        [("r.sarif", foreign("ruff", result("S113", "file:///etc/a.py"), result("E501")))], root="/work"
    )
    assert len(read.findings) == 1
    assert "1 places of ruff are in no known root, for example file:///etc/a.py" in read.failures[0].reason


def test_absolute_paths_of_another_machine_are_recognised_by_the_files_of_the_sidecar() -> None:
    there = "file:///home/runner/work/quotes/quotes/"
    ruff = foreign(
        "ruff", result("S1", there + "tests/test_a.py"), result("S2", there + TIMEOUT.finding.span.path)
    )
    read = read_runs([("r", ruff), ("archguard.json", sidecar.encode(sample_run()))])
    found = {t.finding.rule: t.finding.span.path for t in read.findings if t.finding.rule.startswith("ruff")}
    assert found == {"ruff S1": "tests/test_a.py", "ruff S2": TIMEOUT.finding.span.path}


@pytest.mark.parametrize("uri", ["../a.py", "a/../../b.py", "..", "/etc/passwd", "https://x/a.py", "", "."])
def test_no_path_leads_out_of_the_repository(uri: str) -> None:
    assert read_runs([("r", foreign("x", result("R", uri)))]).findings == ()


@pytest.mark.parametrize(
    ("uri", "more"),
    [
        ("./app/a.py", {}),
        ("app\\a.py", {}),
        (
            "file:///D:/repo/app/a.py".replace("D:/", "d/"),
            {"invocations": [{"workingDirectory": {"uri": "file:///d/repo/"}}]},
        ),
        (
            "a.py",
            {"originalUriBaseIds": {"B": {"uri": "app/", "uriBaseId": "R"}, "R": {"uri": "file:///r/"}}},
        ),
    ],
)
def test_other_ways_to_write_a_path(uri: str, more: Json) -> None:
    one = result("R", uri)
    one["locations"][0]["physicalLocation"]["artifactLocation"]["uriBaseId"] = "B"
    assert read_runs([("r", foreign("x", one, **more))]).findings[0].finding.span.path == "app/a.py"


def test_a_path_may_stand_in_the_list_of_artifacts() -> None:
    one = result("R")
    one["locations"][0]["physicalLocation"]["artifactLocation"] = {"index": 0}
    content = foreign("x", one, artifacts=[{"location": {"uri": "app/b.py"}}])
    assert read_runs([("r", content)]).findings[0].finding.span.path == "app/b.py"


def test_rules_keep_their_texts_and_get_an_area() -> None:
    rules = (
        {
            "id": "S113",
            "shortDescription": {"text": "No timeout"},
            "properties": {"name": "request-without-timeout"},
        },
        {"id": "ERA001", "name": "commented-out"},
    )
    read = read_runs([("r", foreign("ruff", result("S113"), result("ERA001"), rules=rules))])
    assert [(i.id, i.area, i.name, i.title) for i in read.rules] == [
        ("ruff ERA001", "debt", "commented-out", "Commented out"),
        ("ruff S113", "resilience", "request-without-timeout", "No timeout"),
    ]
    assert [t.finding.sources for t in read.findings] == [("ruff ERA001",), ("ruff S113",)]
    assert read.engines == (("ruff", "1.0.0"),)


@pytest.mark.parametrize(
    ("tool", "one", "severity"),
    [
        ("ruff", result("X", level="error"), Severity.MEDIUM),
        ("x", result("X", level="error"), Severity.HIGH),
        ("x", result("X", level="note"), Severity.LOW),
        ("x", result("X"), Severity.MEDIUM),
        ("Bandit", result("X", level="note", properties={"issue_severity": "HIGH"}), Severity.HIGH),
        ("x", result("X", properties={"security-severity": "9.8"}), Severity.CRITICAL),
        ("x", result("X", properties={"security-severity": "strong"}), Severity.MEDIUM),
    ],
)
def test_severities_are_what_the_tool_means(tool: str, one: Json, severity: Severity) -> None:
    assert read_runs([("r", foreign(tool, one))]).findings[0].finding.severity == severity


def test_precision_is_the_confidence() -> None:
    rules = ({"id": "B113", "properties": {"precision": "low"}},)
    (triaged,) = read_runs([("r", foreign("Bandit", result("B113"), rules=rules))]).findings
    assert triaged.finding.confidence == Confidence.LOW


def test_no_value_of_a_secret_comes_out_of_another_tools_file() -> None:
    snippet = {"snippet": {"text": "password = 'hunter2hunter2'"}}
    one = result("B105", text="Possible hardcoded password: 'hunter2hunter2'")
    beside = result("B404", line=2, text="Consider subprocess.")
    for item in (one, beside):
        item["locations"][0]["physicalLocation"]["region"] |= snippet
        item["locations"][0]["physicalLocation"]["contextRegion"] = snippet
    run = read_runs([("b", foreign("Bandit", one, beside))])
    assert len(run.findings) == 2
    assert b"hunter2" not in sidecar.encode(run) + sarif.render(run)


def test_the_constant_fingerprint_of_semgrep_makes_nothing_the_same() -> None:
    same = {"partialFingerprints": {"primaryLocationLineHash": "requires login"}}
    one, two = result("a", text="One.") | same, result("a", line=9, text="Two.") | same
    content = foreign("Semgrep OSS", one, two)
    assert len({t.fingerprint for t in read_runs([("s", content)]).findings}) == 2


def test_a_moved_line_keeps_the_identity_and_a_repeated_result_counts_once() -> None:
    before = read_runs([("r", foreign("x", result("R", line=3), result("R", line=3)))])
    after = read_runs([("r", foreign("x", result("R", line=40)))])
    assert [t.fingerprint for t in before.findings] == [t.fingerprint for t in after.findings]


def test_what_is_suppressed_in_the_source_is_no_finding() -> None:
    quiet = result("R", suppressions=[{"kind": "inSource", "justification": "known"}])
    rejected = result("Q", suppressions=[{"kind": "external", "status": "rejected"}])
    read = read_runs([("s", foreign("semgrep", quiet, rejected))])
    assert [t.finding.rule for t in read.findings] == ["semgrep Q"]
    assert [t.suppressed_by.reason for t in read.suppressed if t.suppressed_by] == ["known"]


def test_results_that_report_no_defect_are_passed_over() -> None:
    content = foreign("x", result("R", kind="pass"), result("Q", baselineState="absent"))
    assert read_runs([("s", content)]).findings == ()


def test_a_tool_that_failed_is_a_failure() -> None:
    notes = [
        {"level": "error", "message": {"text": "parse error"}},
        {"level": "note", "message": {"text": "hi"}},
    ]
    content = foreign(
        "semgrep", invocations=[{"executionSuccessful": False, "toolExecutionNotifications": notes}]
    )
    assert [(f.kind, f.subject, f.reason) for f in read_runs([("s", content)]).failures] == [
        ("engine", "semgrep", "parse error")
    ]


def test_a_message_may_be_a_template_of_the_rule() -> None:
    rules = ({"id": "R", "messageStrings": {"default": {"text": "{0} is wrong in {1}."}}},)
    one = result("R") | {"message": {"id": "default", "arguments": ["x", "y"]}}
    assert (
        read_runs([("s", foreign("x", one, rules=rules))]).findings[0].finding.message == "x is wrong in y."
    )


def test_control_characters_of_others_are_written_out() -> None:
    (triaged,) = read_runs([("s", foreign("x", result("R", text="\x1b[2Jgone")))]).findings
    assert triaged.finding.message == "\\x1b[2Jgone"


def test_a_witness_that_archguard_already_names_is_no_second_finding() -> None:
    ruff = foreign(
        "ruff", result("S113", TIMEOUT.finding.span.path, 48), result("S113", TIMEOUT.finding.span.path, 60)
    )
    read = read_runs([("r", ruff), ("archguard.json", sidecar.encode(sample_run()))])
    assert [t.finding.span.line for t in read.findings if t.finding.rule == "ruff S113"] == [60]


def test_findings_of_other_tools_belong_to_the_services_of_the_sidecar() -> None:
    content = foreign("x", result("R", "services/worker/app/z.py"))
    read = read_runs([("r", content), ("archguard.json", sidecar.encode(sample_run()))])
    assert [t.service for t in read.findings if t.finding.rule == "x R"] == ["worker"]


def test_a_byte_order_mark_is_no_obstacle() -> None:
    assert len(read_runs([("r", b"\xef\xbb\xbf" + foreign("x", result("R")))]).findings) == 1
