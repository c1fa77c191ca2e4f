from __future__ import annotations

import json

from msgspec.structs import replace

from archguard.model.run import Commit, Run
from archguard.output import json_
from tests.output.sample_run import sample_run


def test_the_documented_names_are_there_in_order() -> None:
    assert list(json.loads(json_.render(sample_run()))) == [
        "schema",
        "tool",
        "target",
        "commit",
        "since",
        "summary",
        "findings",
        "suppressed",
        "unusedSuppressions",
        "controls",
        "failures",
        "stats",
    ]


def test_findings_come_worst_first_with_their_chain() -> None:
    value = json.loads(json_.render(sample_run()))
    assert [f["severity"] for f in value["findings"]] == ["critical", "high", "high", "medium", "low"]
    blocking = next(f for f in value["findings"] if f["rule"] == "AG0901")
    assert [hop["line"] for hop in blocking["chain"]] == [22, 25, 48]
    assert (blocking["file"], blocking["line"], blocking["column"]) == (
        "services/api/app/services/quotes.py",
        48,
        16,
    )
    assert blocking["members"][2]["key"] in blocking["newMembers"]
    assert [edit["line"] for edit in blocking["fix"]["edits"]] == [25, 1]


def test_suppressed_findings_keep_their_reasons() -> None:
    (suppressed,) = json.loads(json_.render(sample_run()))["suppressed"]
    assert suppressed["suppression"]["reason"] == "the peer is on this host"
    assert suppressed["suppression"]["until"] == "2027-03-01"


def test_the_summary_counts() -> None:
    assert json.loads(json_.render(sample_run()))["summary"] == {
        "findings": 5,
        "critical": 1,
        "high": 2,
        "medium": 1,
        "low": 1,
        "new": 2,
        "fixed": 0,
        "suppressed": 1,
    }


def test_failures_are_in_it() -> None:
    failures = json.loads(json_.render(sample_run()))["failures"]
    assert [(f["subject"], f["fatal"]) for f in failures][1] == ("AG0302", True)
    assert failures[0]["place"]["line"] == 3


def test_the_order_of_findings_does_not_matter() -> None:
    run = sample_run()
    assert json_.render(replace(run, findings=run.findings[::-1])) == json_.render(run)


def test_an_empty_run_is_a_whole_document_and_odd_text_is_made_safe() -> None:
    run = Run("\x1b[1m\udc80", "0.1.0", Commit(), (), ())
    assert json.loads(json_.render(run))["target"] == "\\x1b[1m\\udc80"
