"""Other tools on the command line: which run, what is said of those that do not, and what is never said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.engines.services import MAIN, SERVICE, VALUES, executable, on_path, write
from tests.support.command_line import call, git, repository

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = repository(tmp_path / "service", SERVICE)
    monkeypatch.chdir(folder)
    for name in ("GITHUB_ACTIONS", "FORCE_COLOR", "ARCHGUARD_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    return folder


def found(text: str) -> dict[str, list[str]]:
    """The rules of a JSON answer with the witnesses of the finding that has the most."""
    findings = sorted(json.loads(text)["findings"], key=lambda f: len(f["sources"]))
    return {f["rule"]: f["sources"] for f in findings}


def test_scan_runs_no_other_tool_unless_told(service: Path, capfd: Capture) -> None:
    write(service, {"archguard.toml": "engines = 'all'\n"})
    alone = call(capfd, "scan", "--surface", "report", "--format", "json")
    assert not any(" " in rule for rule in found(alone.out))
    both = call(capfd, "scan", "--surface", "report", "--format", "json", "--engines", "native,ruff,bandit")
    assert found(both.out)["ruff S506"] == ["ruff S506", "bandit B506"]
    assert found(both.out)["AG0601"] == ["archguard", "ruff S113", "bandit B113"]
    assert "ruff S105" not in found(both.out)


def test_no_finding_of_another_tool_is_an_alert(service: Path, capfd: Capture) -> None:
    alerts = call(capfd, "scan", "--format", "json", "--engines", "native,ruff,bandit,squawk,detect-secrets")
    assert not any(" " in rule for rule in found(alerts.out))
    assert found(alerts.out)["AG0601"] == ["archguard", "ruff S113", "bandit B113"]


def test_without_the_native_rules_their_equivalents_stand_alone(service: Path, capfd: Capture) -> None:
    only = found(call(capfd, "scan", "--surface", "report", "--format", "json", "--engines", "ruff").out)
    assert only["ruff S113"] == ["ruff S113"]
    assert not any(rule.startswith("AG") for rule in only)


@pytest.mark.parametrize(
    ("options", "rules"),
    [
        (("--select", "ruff S506"), {"ruff S506"}),
        (("--select", "S506"), {"ruff S506"}),
        (("--select", "ruff:S506,ruff:F821"), {"ruff S506", "ruff F821"}),
        (("--select", "AG0915"), {"ruff B006"}),
        (("--select", "ruff", "--ignore", "debt,AG06,B006"), {"ruff F821"}),
        (("--select", "unsafe-yaml"), {"ruff S506"}),
    ],
)
def test_other_tools_rules_are_chosen_like_our_own(
    service: Path, capfd: Capture, options: tuple[str, ...], rules: set[str]
) -> None:
    engines = ("--engines", "ruff", "--surface", "report", "--format", "json")
    assert set(found(call(capfd, "scan", *engines, *options).out)) == rules


def test_the_configuration_says_what_a_review_runs(service: Path, capfd: Capture, tmp_path: Path) -> None:
    write(service, {"archguard.toml": "engines = ['native', 'squawk']\n"})
    call(capfd, "review", "--directory", tmp_path / "out")
    run = json.loads((tmp_path / "out/archguard.json").read_text())["run"]
    assert [name for name, _ in run["engines"]] == ["squawk"]


def test_a_review_names_what_is_missing_and_what_ran(
    service: Path, capfd: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    executable(tmp_path / "bin", "bandit", "exit 4")
    monkeypatch.setattr("sys.executable", str(tmp_path / "bin" / "python"))
    outcome = call(capfd, "review", "--directory", tmp_path / "out", "--verbose", "--fail-on", "never")
    assert outcome.status == 0, "no engine was asked for by name"
    assert "archguard: bandit: ended with status 4\n" in outcome.err
    report = (tmp_path / "out/report.md").read_text()
    assert "ended with status 4" in report
    (own, *_) = json.loads((tmp_path / "out/results.sarif").read_text())["runs"]
    notes = own["invocations"][0]["toolExecutionNotifications"]
    assert "bandit: ended with status 4" in [note["message"]["text"] for note in notes]


def test_only_an_engine_that_is_named_has_to_be_there(
    service: Path, capfd: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    executable(tmp_path / "bin", "bandit", "exit 4")
    monkeypatch.setattr("sys.executable", str(tmp_path / "bin" / "python"))
    monkeypatch.setenv("PATH", on_path(tmp_path / "bin"))
    for engines, status in (("native,bandit", 3), ("all", 0)):
        outcome = call(capfd, "scan", "--engines", engines, "--fail-on", "never")
        assert outcome.status == status
        assert "Traceback" not in outcome.err


def test_every_tool_has_a_run_of_its_own(service: Path, capfd: Capture, tmp_path: Path) -> None:
    call(capfd, "review", "--directory", tmp_path / "out", "--engines", "native,ruff,bandit,squawk")
    runs = json.loads((tmp_path / "out/results.sarif").read_text())["runs"]
    assert [run["tool"]["driver"]["name"] for run in runs] == ["archguard", "bandit", "ruff", "squawk"]
    assert len({run["automationDetails"]["id"] for run in runs}) == 4
    for run in runs:
        uris = [
            location["physicalLocation"]["artifactLocation"]["uri"]
            for result in run["results"]
            for location in result["locations"]
        ]
        assert all((service / uri).is_file() for uri in uris)
        assert all(
            result["ruleId"].startswith(run["tool"]["driver"]["name"])
            for result in run["results"]
            if run["tool"]["driver"]["name"] != "archguard"
        )


def test_only_what_is_new_is_shown_of_other_tools_too(service: Path, capfd: Capture) -> None:
    write(service, {"app/main.py": f"# moved down\n\n{MAIN}\n\ndef late(text):\n    return eval(text)\n"})
    engines = ("--engines", "native,ruff,bandit", "--surface", "report", "--format", "json")
    new = found(call(capfd, "scan", "--since", "HEAD", *engines).out)
    assert new == {"ruff S307": ["ruff S307", "bandit B307"]}


def test_two_reviews_of_the_same_are_the_same_bytes(service: Path, capfd: Capture, tmp_path: Path) -> None:
    for name, more in (("a", ()), ("b", ()), ("c", ("--no-cache",))):
        call(capfd, "review", "--directory", tmp_path / name, *more)
    for file in ("results.sarif", "archguard.json", "report.md", "report.html"):
        first, second, third = ((tmp_path / name / file).read_bytes() for name in "abc")
        assert first == second == third, file


def test_no_secret_is_written_anywhere(
    service: Path, capfd: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every output, what is kept, and what goes to the terminal, with every engine, also when one breaks."""
    rooms = tmp_path / "rooms"
    rooms.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(rooms))
    git(service, "add", "-A")
    said: list[str] = []
    for more in ((), ("--verbose",), ("--engines", "ruff,bandit,detect-secrets,squawk")):
        outcome = call(
            capfd,
            "review",
            "--directory",
            tmp_path / f"out{len(said)}",
            "--cache-dir",
            tmp_path / "cache",
            *more,
        )
        said += [outcome.out, outcome.err]
    for form in ("text", "json", "sarif", "github", "markdown"):
        outcome = call(
            capfd, "scan", "--engines", "all", "--surface", "report", "--format", form, "--no-cache"
        )
        said += [outcome.out, outcome.err]
    executable(
        tmp_path / "bin", "bandit", f"cat {service}/app/main.py; cat {service}/app/main.py >&2; exit 4"
    )
    executable(tmp_path / "bin", "ruff", f"cat {service}/app/main.py")
    monkeypatch.setattr("sys.executable", str(tmp_path / "bin" / "python"))
    outcome = call(
        capfd, "scan", "--engines", "ruff,bandit", "--surface", "report", "--no-cache", "--verbose"
    )
    said += [outcome.out, outcome.err]
    assert "its answer is not the JSON" in outcome.err
    written = [path for path in tmp_path.rglob("*") if path.is_file() and service not in path.parents]
    written += [path for path in service.rglob("*") if ".archguard_cache" in path.parts and path.is_file()]
    assert {path.name for path in written} >= {"results.sarif", "report.md", "report.html", "archguard.json"}
    assert any(path.name.startswith("engine-bandit") for path in written)
    contents = [text.encode() for text in said] + [path.read_bytes() for path in written]
    for name, value in VALUES.items():
        for part in (value, value[: len(value) // 2]):
            assert not any(part.encode() in content for content in contents), name


@pytest.mark.parametrize("word", ["ruff S506", "ruff:s506", "bandit B506"])
def test_a_rule_of_another_tool_is_explained(capfd: Capture, word: str) -> None:
    outcome = call(capfd, "explain", word)
    assert outcome.status == 0
    assert "makes any Python object" in outcome.out
    assert "{" not in outcome.out


def test_a_rule_that_is_not_selected_is_unknown(capfd: Capture) -> None:
    outcome = call(capfd, "explain", "ruff D100")
    assert outcome.status == 2
    assert "no rule is called 'ruff D100'" in outcome.err
