"""From a path to a run: real repositories, every snapshot, what is new, what is kept, what breaks."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from msgspec.structs import replace

from archguard import pipeline
from archguard.config.settings import ConfigError
from archguard.model.rule import RuleInfo
from archguard.model.run import Run
from archguard.pipeline import PipelineError, Request, analyse
from archguard.rules import catalogue

HELPER = "import requests\n\n\ndef latest(symbol):\n    return requests.get(symbol, timeout=3)\n"
ROUTES = (
    "from fastapi import FastAPI\nfrom helper import latest\n\napp = FastAPI()\n\n\n"
    "@app.get('/quotes')\nasync def quotes():\n    return latest('a')\n"
)
TENTH = "\n\n@app.get('/more')\nasync def more():\n    return latest('b')\n"


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-c", "user.name=a", "-c", "user.email=a@b", *arguments]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def service(tmp_path: Path) -> Path:
    (tmp_path / "helper.py").write_text(HELPER)
    (tmp_path / "main.py").write_text(ROUTES)
    (tmp_path / ".gitignore").write_text(".archguard_cache/\n")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "one")
    return tmp_path


def blocking(run: Run) -> list[str]:
    return [str(item.finding.span) for item in run.findings if item.finding.rule == "AG0901"]


def test_a_blocking_call_behind_a_helper_is_found_with_its_chain(service: Path) -> None:
    run = analyse(Request(service))
    (item,) = (item for item in run.findings if item.finding.rule == "AG0901")
    assert item.finding.span.path == "helper.py"
    assert [hop.span.path for hop in item.finding.chain] == ["main.py", "main.py", "helper.py"]
    assert item.excerpt[item.finding.span.line - item.excerpt_line].strip().startswith("return requests.get")
    assert run.commit.hash == git(service, "rev-parse", "HEAD")
    assert not run.failures


def test_nothing_is_new_against_the_commit_that_is_checked_out(service: Path) -> None:
    assert blocking(analyse(Request(service, since="HEAD"))) == []


def test_a_further_route_to_a_known_sink_is_new_and_shown_at_the_route(service: Path) -> None:
    (service / "main.py").write_text(ROUTES + TENTH)
    run = analyse(Request(service, since="HEAD"))
    assert blocking(run) == ["main.py:13:1"]
    (item,) = run.findings
    assert item.new_members == ("GET /more",)


def test_a_hook_sees_what_is_staged_and_nothing_else(service: Path) -> None:
    (service / "main.py").write_text(ROUTES + TENTH)
    git(service, "add", "main.py")
    (service / "main.py").write_text(ROUTES)
    assert blocking(analyse(Request(service, snapshot="index", since="HEAD"))) == ["main.py:13:1"]
    assert blocking(analyse(Request(service, since="HEAD"))) == []


def test_a_renamed_file_brings_nothing_new(service: Path) -> None:
    git(service, "mv", "main.py", "application.py")
    assert blocking(analyse(Request(service, since="HEAD"))) == []


def test_what_was_fixed_is_counted(service: Path) -> None:
    (service / "helper.py").write_text("def latest(symbol):\n    return symbol\n")
    run = analyse(Request(service, since="HEAD"))
    assert run.findings == ()
    assert run.fixed == 1


def test_any_commit_can_be_read_without_a_checkout(service: Path) -> None:
    first = git(service, "rev-parse", "HEAD")
    (service / "helper.py").write_text("def latest(symbol):\n    return symbol\n")
    git(service, "commit", "-qam", "two")
    assert blocking(analyse(Request(service))) == []
    assert blocking(analyse(Request(service, snapshot=first))) == ["helper.py:5:12"]


def test_with_files_named_only_what_passes_through_them_is_reported(service: Path) -> None:
    (service / "other.py").write_text("x = 1\n")
    assert blocking(analyse(Request(service, files=(str(service / "main.py"),)))) == ["helper.py:5:12"]
    assert blocking(analyse(Request(service, files=(str(service / "other.py"),)))) == []


def test_the_same_snapshot_is_not_analysed_twice_and_says_the_same(
    service: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = analyse(Request(service))

    def fail(*arguments: object) -> None:
        raise AssertionError("analysed again")

    monkeypatch.setattr(pipeline, "_outcome", fail)
    assert analyse(Request(service)) == first
    (service / "main.py").write_text(ROUTES + TENTH)
    with pytest.raises(AssertionError, match="analysed again"):
        analyse(Request(service))


def test_an_edit_says_what_a_first_run_says(service: Path) -> None:
    analyse(Request(service))
    for name, text in [
        ("main.py", ROUTES + TENTH),
        ("helper.py", HELPER.replace("return requests.get", "return requests.post")),
        ("main.py", ROUTES.replace("async def", "def")),
        ("helper.py", "from other import latest\n"),
    ]:
        (service / name).write_text(text)
        assert findings(analyse(Request(service))) == findings(analyse(Request(service, use_cache=False)))


def findings(run: Run) -> Run:
    return replace(run, stats=replace(run.stats, cached=0))


def test_a_damaged_cache_is_made_again(service: Path) -> None:
    first = analyse(Request(service))
    for path in (service / ".archguard_cache").glob("*.bin"):
        path.write_bytes(path.read_bytes()[:40])
    assert analyse(Request(service)) == first


def test_a_cache_that_came_with_the_repository_is_not_read(service: Path) -> None:
    analyse(Request(service))
    git(service, "add", "-f", ".archguard_cache")
    git(service, "commit", "-qm", "a cache")
    before = sorted((service / ".archguard_cache").iterdir())
    (service / "main.py").write_text(ROUTES + TENTH)
    analyse(Request(service))
    assert sorted((service / ".archguard_cache").iterdir()) == before


def test_without_a_cache_nothing_is_written(service: Path) -> None:
    analyse(Request(service, use_cache=False))
    assert not (service / ".archguard_cache").exists()


def test_a_rule_that_breaks_loses_its_own_findings_and_says_so(
    service: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = catalogue.load

    def broken(info: RuleInfo) -> object:
        if info.id == "AG0101":
            raise RuntimeError("secret value")
        return real(info)

    monkeypatch.setattr(pipeline, "load", broken)
    run = analyse(Request(service, use_cache=False))
    assert blocking(run) == ["helper.py:5:12"]
    (failure,) = run.failures
    assert (failure.kind, failure.subject, failure.fatal) == ("rule", "AG0101", True)
    assert "secret value" not in failure.reason


def test_a_file_that_does_not_parse_is_counted_and_the_rest_goes_on(service: Path) -> None:
    (service / "broken.py").write_text("def (:\n")
    run = analyse(Request(service))
    assert blocking(run) == ["helper.py:5:12"]
    (failure,) = run.failures
    assert (failure.kind, failure.subject, failure.fatal) == ("file", "broken.py", False)
    named = analyse(Request(service, files=(str(service / "broken.py"),)))
    assert [failure.fatal for failure in named.failures] == [True]


def test_a_folder_outside_git_is_read_as_it_lies(tmp_path: Path) -> None:
    (tmp_path / "helper.py").write_text(HELPER)
    (tmp_path / "main.py").write_text(ROUTES)
    assert blocking(analyse(Request(tmp_path))) == ["helper.py:5:12"]
    with pytest.raises(PipelineError, match="--since needs a git repository"):
        analyse(Request(tmp_path, since="HEAD"))


def test_a_wrong_configuration_says_where(service: Path) -> None:
    (service / "archguard.toml").write_text("fail-on = 'high'\nselekt = ['AG09']\n")
    with pytest.raises(ConfigError, match=r"archguard\.toml:2"):
        analyse(Request(service))


def test_the_number_of_processes_changes_nothing(service: Path) -> None:
    one = analyse(Request(service, jobs=1, use_cache=False))
    assert analyse(Request(service, jobs=2, use_cache=False)) == one
