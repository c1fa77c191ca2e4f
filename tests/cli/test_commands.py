"""The commands on a small service: what they print, where they write, and how they end."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.support.command_line import BLOCKING, CLEAN, PRICES, SERVICE, call, git, repository, write

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GITHUB_ACTIONS", "FORCE_COLOR", "ARCHGUARD_DEBUG", "CI"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = repository(tmp_path / "service", SERVICE)
    monkeypatch.chdir(folder)
    return folder


# --- scan -------------------------------------------------------------------------------------------


def test_scan_prints_findings_and_fails_on_high(service: Path, capfd: Capture) -> None:
    outcome = call(capfd, "scan")
    assert outcome.status == 1
    assert "app/prices.py:5:5" in outcome.out
    assert "AG0901" in outcome.out
    assert "GET /prices/{symbol}" in outcome.out
    assert "\x1b" not in outcome.out


def test_a_clean_service_is_status_0(tmp_path: Path, capfd: Capture) -> None:
    outcome = call(capfd, "scan", write(tmp_path, CLEAN))
    assert (outcome.status, outcome.err) == (0, "")


@pytest.mark.parametrize(
    ("options", "status"),
    [
        (("--fail-on", "never"), 0),
        (("--fail-on", "critical"), 0),
        (("--ignore", "AG0901"), 0),
        (("--select", "structure"), 0),
        (("--severity", "critical"), 0),
        (("--select", "blocking-call-in-async"), 1),
        (("--engines", "none"), 0),
    ],
)
def test_options_narrow_what_counts(
    service: Path, capfd: Capture, options: tuple[str, ...], status: int
) -> None:
    assert call(capfd, "scan", *options).status == status


def test_a_file_is_told_what_it_contains_or_is_a_step_of(service: Path, capfd: Capture) -> None:
    assert "app/prices.py:5" in call(capfd, "scan", "app/prices.py").out
    assert "app/prices.py:5" in call(capfd, "scan", "app/main.py").out
    assert call(capfd, "scan", "app/other.py").status == 0


def test_several_files_and_folders_are_one_program(service: Path, capfd: Capture) -> None:
    write(service, {"lib/__init__.py": ""})
    assert call(capfd, "scan", "lib", "app/prices.py").status == 1
    assert call(capfd, "scan", "lib", "app/other.py").status == 0


@pytest.mark.parametrize("form", ["json", "sarif"])
def test_machine_formats_are_json_on_stdout_and_nothing_else(
    service: Path, capfd: Capture, form: str
) -> None:
    outcome = call(capfd, "scan", "--format", form)
    assert "AG0901" in json.dumps(json.loads(outcome.out))
    assert outcome.err == ""


def test_a_workflow_gets_annotations(service: Path, capfd: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert call(capfd, "scan").out.startswith("::error file=app/prices.py,line=5,")


def test_output_goes_to_the_file_and_not_to_stdout(service: Path, capfd: Capture, tmp_path: Path) -> None:
    target = tmp_path / "out" / "findings.sarif"
    outcome = call(capfd, "scan", "--format", "sarif", "--output", target)
    assert (outcome.status, outcome.out) == (1, "")
    assert json.loads(target.read_bytes())["version"] == "2.1.0"


def test_since_shows_only_what_is_new(service: Path, capfd: Capture) -> None:
    assert call(capfd, "scan", "--since", "HEAD").status == 0
    more = BLOCKING + "\n\n@app.get('/slow')\nasync def slow():\n    time.sleep(2)\n"
    write(service, {"app/main.py": more})
    outcome = call(capfd, "scan", "--since", "HEAD")
    assert outcome.status == 1
    assert "app/main.py:17" in outcome.out
    assert "app/prices.py:5:5" not in outcome.out


def test_the_index_is_what_a_hook_sees(service: Path, capfd: Capture) -> None:
    write(service, {"app/prices.py": CLEAN["app/prices.py"]})
    assert call(capfd, "scan").status == 0
    assert call(capfd, "scan", "--snapshot", "index").status == 1
    git(service, "add", "-A")
    assert call(capfd, "scan", "--snapshot", "index").status == 0


def test_a_named_file_that_does_not_parse_is_status_3(service: Path, capfd: Capture) -> None:
    write(service, {"app/broken.py": "def f(:\n", "app/prices.py": CLEAN["app/prices.py"]})
    assert call(capfd, "scan").status == 0
    outcome = call(capfd, "scan", "app/broken.py")
    assert outcome.status == 3
    assert "app/broken.py:1" in outcome.err


def test_other_files_that_do_not_parse_are_counted_and_named_on_demand(service: Path, capfd: Capture) -> None:
    write(service, {"app/broken.py": "def f(:\n", "app/worse.py": ")"})
    assert call(capfd, "scan").err == "archguard: 2 files could not be read (--verbose names each)\n"
    assert call(capfd, "scan", "--quiet").err == ""
    assert "app/worse.py:1" in call(capfd, "scan", "--verbose").err


def test_a_suppression_silences_with_its_reason(service: Path, capfd: Capture) -> None:
    silenced = PRICES.replace("sleep(1)", "sleep(1)  # archguard: ignore[AG0901] -- a demonstration")
    write(service, {"app/prices.py": silenced})
    assert call(capfd, "scan").status == 0


def test_a_cache_folder_is_used_and_none_is_left_without(
    service: Path, capfd: Capture, tmp_path: Path
) -> None:
    call(capfd, "scan", "--no-cache")
    assert not list(service.glob(".archguard*"))
    call(capfd, "scan", "--cache-dir", tmp_path / "kept")
    assert list((tmp_path / "kept").iterdir())


# --- wrong calls --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("scan", "--select", "AG0990"), "no rule is called 'AG0990'"),
        (("scan", "--since", "nowhere"), "nowhere"),
        (("scan", "--snapshot", "nowhere"), "nowhere"),
        (("scan", "--config", "nowhere.toml"), "nowhere.toml"),
        (("explain", "AG0990"), "no rule is called 'AG0990'"),
        (("report",), "which SARIF files"),
        (("report", "nowhere.sarif"), "nowhere.sarif"),
        (("inventory", "settings", "--format", "mermaid"), "diagram"),
    ],
)
def test_a_wrong_call_is_one_line_and_status_2(
    service: Path, capfd: Capture, arguments: tuple[str, ...], words: str
) -> None:
    outcome = call(capfd, *arguments)
    assert (outcome.status, outcome.out) == (2, "")
    assert words in outcome.err
    assert len(outcome.err.splitlines()) == 1


def test_a_wrong_configuration_names_the_place_and_the_nearest_key(service: Path, capfd: Capture) -> None:
    write(service, {"archguard.toml": 'fail-un = "low"\n'})
    outcome = call(capfd, "scan")
    assert outcome.status == 2
    assert "archguard.toml:1" in outcome.err
    assert "fail-on" in outcome.err


def test_the_configuration_sets_the_threshold_unless_the_option_does(service: Path, capfd: Capture) -> None:
    write(service, {"archguard.toml": 'fail-on = "never"\n'})
    assert call(capfd, "scan").status == 0
    assert call(capfd, "scan", "--fail-on", "high").status == 1


# --- review and report --------------------------------------------------------------------------------


def test_review_writes_everything_and_says_where(service: Path, capfd: Capture) -> None:
    outcome = call(capfd, "review")
    assert outcome.status == 1
    out = service / "archguard-out"
    assert {path.name for path in out.iterdir()} == {
        "results.sarif", "archguard.json", "report.md", "report.html", ".gitignore",
    }  # fmt: skip
    assert "AG0901" in outcome.out
    assert "archguard-out/report.md" in outcome.err
    assert "AG0901" in (out / "report.md").read_text(encoding="utf-8")


def test_review_twice_gives_the_same_bytes(service: Path, capfd: Capture, tmp_path: Path) -> None:
    for name in ("one", "two"):
        call(capfd, "review", "--directory", tmp_path / name)
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name


def test_review_puts_files_where_it_is_told_and_a_dry_run_writes_none(
    service: Path, capfd: Capture, tmp_path: Path
) -> None:
    outcome = call(capfd, "review", "--dry-run", "--directory", tmp_path / "dry")
    assert "would write" in outcome.err
    assert not (tmp_path / "dry").exists()
    call(capfd, "review", "--directory", tmp_path / "wet", "--report", tmp_path / "docs" / "r.md")
    assert (tmp_path / "docs" / "r.md").is_file()
    assert not (tmp_path / "wet" / "report.md").exists()


def test_the_configuration_names_the_folder(service: Path, capfd: Capture) -> None:
    write(service, {"archguard.toml": '[report]\ndirectory = "docs/review"\n'})
    call(capfd, "review")
    assert (service / "docs" / "review" / "report.md").is_file()
    assert not (service / "archguard-out").exists()


def test_a_folder_that_leads_out_of_the_repository_is_refused(
    service: Path, capfd: Capture, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (service / "archguard-out").symlink_to(tmp_path / "elsewhere")
    assert call(capfd, "review").status == 2
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_quiet_review_says_nothing_beside_the_answer(service: Path, capfd: Capture) -> None:
    assert call(capfd, "review", "--quiet").err == ""


def test_report_reads_back_what_review_wrote(service: Path, capfd: Capture) -> None:
    call(capfd, "review")
    written = (service / "archguard-out" / "report.md").read_text(encoding="utf-8")
    outcome = call(capfd, "report", "archguard-out/results.sarif")
    assert outcome.status == 0
    assert "AG0901" in outcome.out
    assert written.splitlines()[0] == outcome.out.splitlines()[0]


def test_report_loses_only_the_file_that_cannot_be_read(service: Path, capfd: Capture) -> None:
    call(capfd, "review")
    write(service, {"bad.sarif": "{"})
    outcome = call(capfd, "report", "archguard-out/results.sarif", "bad.sarif")
    assert outcome.status == 3
    assert outcome.err.startswith("archguard: bad.sarif: ")
    assert len(outcome.err.splitlines()) == 1
    assert "AG0901" in outcome.out


def test_report_takes_any_tool_s_sarif(service: Path, capfd: Capture) -> None:
    place = {"artifactLocation": {"uri": "app/main.py"}, "region": {"startLine": 3}}
    result = {
        "ruleId": "X1",
        "level": "error",
        "message": {"text": "this is wrong"},
        "locations": [{"physicalLocation": place}],
    }
    run = {"tool": {"driver": {"name": "other", "rules": []}}, "results": [result]}
    write(service, {"other.sarif": json.dumps({"version": "2.1.0", "runs": [run]})})
    outcome = call(capfd, "report", "other.sarif")
    assert outcome.status == 0
    assert "this is wrong" in outcome.out


def test_report_says_what_changed_since_a_commit(service: Path, capfd: Capture) -> None:
    write(service, {"app/prices.py": CLEAN["app/prices.py"]})
    outcome = call(capfd, "report", "--source", ".", "--previous", "HEAD")
    assert outcome.status == 0
    assert "fixed" in outcome.out.lower()


def test_a_report_is_checked_against_its_source(service: Path, capfd: Capture) -> None:
    call(capfd, "review")
    report = service / "archguard-out" / "report.md"
    assert call(capfd, "report", "--check", report).status == 0
    report.write_text(report.read_text().replace("app/prices.py:5", "app/prices.py:50"))
    outcome = call(capfd, "report", "--check", report)
    assert outcome.status == 1
    assert "app/prices.py:50" in outcome.out


def test_a_report_is_checked_at_the_commit_that_it_is_about(service: Path, capfd: Capture) -> None:
    call(capfd, "review", "--directory", service.parent / "out")
    report = service.parent / "out" / "report.md"
    write(service, {"app/prices.py": "x = 1\n"})
    assert call(capfd, "report", "--check", report).status == 0
    git(service, "commit", "-qam", "another")
    assert call(capfd, "report", "--check", report).status == 0


def test_a_report_of_a_commit_that_is_not_here_is_checked_against_the_worktree(
    service: Path, capfd: Capture
) -> None:
    call(capfd, "review", "--directory", service.parent / "out")
    report = service.parent / "out" / "report.md"
    report.write_text(re.sub(r"^Commit `[0-9a-f]+`", "Commit `0123456789ab`", report.read_text(), flags=re.M))
    outcome = call(capfd, "report", "--check", report)
    assert outcome.status == 0
    assert "0123456789ab" in outcome.err
    assert "worktree" in outcome.err


def test_the_configuration_names_the_report_and_what_has_no_effect_is_said(
    service: Path, capfd: Capture
) -> None:
    settings = 'plans = ["docs/plan.md"]\nignore = ["AG0199"]\n[report]\ntitle = "Quotes, 2026"\n'
    write(service, {"archguard.toml": settings})
    call(capfd, "review", "--directory", service / "out")
    report = (service / "out" / "report.md").read_text()
    assert report.startswith("# Quotes, 2026\n")
    assert "setting `plans`" in report
    assert "setting `AG0199`" in report


# --- the rest -------------------------------------------------------------------------------------------


def test_inventory_of_routes(service: Path, capfd: Capture) -> None:
    rows = json.loads(call(capfd, "inventory", "routes", "--format", "json").out)["routes"]
    assert [(row["method"], row["path"], row["file"]) for row in rows] == [
        ("GET", "/prices/{symbol}", "app/main.py")
    ]
    assert call(capfd, "inventory", "routes").out.startswith("GET  /prices/{symbol}")
    assert call(capfd, "inventory", "routes", "--format", "mermaid").out.startswith("flowchart LR")


def test_inventory_since_a_commit(service: Path, capfd: Capture) -> None:
    write(service, {"app/main.py": BLOCKING.replace("/prices/", "/quotes/")})
    lines = call(capfd, "inventory", "routes", "--since", "HEAD").out.splitlines()
    assert [line[:2] for line in lines] == ["+ ", "- "]


def test_explain_prints_the_page(capfd: Capture) -> None:
    outcome = call(capfd, "explain", "ag0901")
    assert outcome.out.startswith("# AG0901 blocking-call-in-async\n")
    assert json.loads(call(capfd, "explain", "AG0901", "--format", "json").out)["area"] == "concurrency"


def test_rules_lists_and_chooses(capfd: Capture) -> None:
    assert "AG0901  blocking-call-in-async" in call(capfd, "rules").out
    chosen = json.loads(call(capfd, "rules", "--select", "AG0901", "--format", "json").out)
    assert [info["name"] for info in chosen] == ["blocking-call-in-async"]
