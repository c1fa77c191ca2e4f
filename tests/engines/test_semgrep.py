"""semgrep with archguard's own rules; what needs semgrep itself is run by `make test-semgrep`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archguard.engines.adapter import BadAnswer
from archguard.engines.catalogue import EngineRule
from archguard.engines.semgrep import files, read, rules
from archguard.model.place import Place
from archguard.model.rule import AREAS
from tests.engines.services import SERVICE, VALUES, collected, found, write
from tests.support.command_line import call, repository

real = pytest.mark.semgrep
ASYNC = """import time

import requests
from fastapi import FastAPI

app = FastAPI()


@app.get("/")
async def index():
    time.sleep(1)
    return requests.get("https://example.org/", timeout=5).text
"""


def test_the_files_of_rules_are_found_and_their_cases_are_not() -> None:
    names = {path.name for path in files()}
    assert "blocking-in-async.yml" in names
    assert not any(".test." in name for name in names)


@pytest.mark.parametrize("rule", rules().values(), ids=lambda rule: rule.id)
def test_what_a_rule_says_of_itself_is_whole(rule: EngineRule) -> None:
    meta = rule.info.meta
    assert rule.info.area in dict(AREAS)
    assert all((rule.says, rule.info.title, meta.risk, meta.impact))
    assert "$" not in rule.says, "a variable would quote the code"
    assert meta.surface == "report"
    assert meta.effort.base > 0
    assert rule.secret or rule.info.topic not in ("AG0801", "AG0802", "AG0803", "AG0702")


def test_ids_lose_the_folder_that_semgrep_puts_before_them() -> None:
    (code, *_) = rules()
    item = {"path": "./a.py", "start": {"line": 1, "col": 2}, "end": {"line": 1, "col": 5}}
    results = [{**item, "check_id": f"{prefix}{code}"} for prefix in ("", "work.rules.semgrep.")]
    answer = read(json.dumps({"results": [*results, {**item, "check_id": "someone.elses"}]}).encode())
    assert [(hit.code, hit.place) for hit in answer.hits] == [(code, Place(1, 2, 1, 5))] * 2


def test_a_file_that_was_not_read_is_said() -> None:
    errors = [{"level": "error", "path": "b.py"}, {"level": "warn", "path": "c.py"}, {"level": "error"}]
    assert read(json.dumps({"results": [], "errors": errors}).encode()).unread == ("b.py",)


@pytest.mark.parametrize("output", [b"", b"{}", b"[]", b"\xff"])
def test_an_answer_that_is_not_what_was_asked_for_is_one_line(output: bytes) -> None:
    with pytest.raises(BadAnswer, match="is not the JSON that was asked for"):
        read(output)


# --- with semgrep -----------------------------------------------------------------------------------


@real
def test_semgrep_finds_what_its_rules_say_whatever_the_target_ignores(tmp_path: Path) -> None:
    service = {**SERVICE, "app/index.py": ASYNC, ".semgrepignore": "*\n", ".gitignore": "app/\n"}
    lines = {(path, line) for _, path, line in found(collected(write(tmp_path, service), "semgrep"))}
    assert {("app/index.py", 11), ("app/index.py", 12)} <= lines


@real
def test_its_findings_join_ours_and_no_secret_is_written(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = repository(tmp_path / "service", {**SERVICE, "app/index.py": ASYNC})
    monkeypatch.chdir(folder)
    outcome = call(
        capfd, "review", "--engines", "all", "--format", "json", "--directory", tmp_path / "out", "--verbose"
    )
    sleeping = [
        f for f in json.loads(outcome.out)["findings"] if (f["file"], f["line"]) == ("app/index.py", 11)
    ]
    assert [f["rule"] for f in sleeping] == ["AG0901"]
    assert {source.split()[0] for source in sleeping[0]["sources"]} == {"archguard", "ruff", "semgrep"}
    written = [path for path in tmp_path.rglob("*") if path.is_file() and folder not in path.parents]
    written += [path for path in folder.rglob("*") if ".archguard_cache" in path.parts and path.is_file()]
    assert any(path.name.startswith("engine-semgrep") for path in written)
    contents = [outcome.out.encode(), outcome.err.encode(), *(path.read_bytes() for path in written)]
    for name, value in VALUES.items():
        assert not any(value.encode() in content for content in contents), name
