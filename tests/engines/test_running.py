"""Running programs of others: what is missing, broken, slow or hostile costs its own findings only."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from msgspec.structs import replace

from archguard.engines import running
from archguard.engines.adapter import BadAnswer, adapter
from archguard.engines.processes import Absent, Process, locate
from tests.engines.services import SERVICE, collected, executable, found, on_path, write

UNKNOWN = replace(adapter("ruff"), name="unheard-of", distribution="unheard-of")


def test_an_engine_that_is_not_there_says_what_installs_it(tmp_path: Path) -> None:
    with pytest.raises(Absent, match=r"not installed; pip install 'archguard-review\[engines\]'"):
        locate(UNKNOWN, tmp_path)


def test_an_engine_on_the_path_is_asked_for_its_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    executable(tmp_path / "bin", "unheard-of", "echo unheard-of 1.2.3")
    monkeypatch.setenv("PATH", on_path(tmp_path / "bin"))
    program = locate(UNKNOWN, tmp_path / "target")
    assert (program.path, program.version) == (str(tmp_path / "bin" / "unheard-of"), "1.2.3")


def test_one_that_is_too_old_says_which_is_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    executable(tmp_path / "bin", "unheard-of", "echo unheard-of 0.9.12")
    monkeypatch.setenv("PATH", on_path(tmp_path / "bin"))
    with pytest.raises(Absent, match=r"version 0\.9\.12 is too old; 0\.14 or newer is needed"):
        locate(UNKNOWN, tmp_path / "target")


def test_no_program_of_the_target_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    executable(tmp_path / "target/bin", "unheard-of", f"touch {tmp_path}/ran")
    monkeypatch.setenv("PATH", on_path(tmp_path / "target/bin"))
    with pytest.raises(Absent, match="inside what is reviewed"):
        locate(UNKNOWN, tmp_path / "target")
    assert not (tmp_path / "ran").exists()


def process(tmp_path: Path, script: str) -> Process:
    folder = tmp_path / "room" / "engine"
    folder.mkdir(parents=True)
    return Process([str(executable(tmp_path / "bin", "engine", script))], folder, tmp_path)


def test_a_program_sees_no_home_no_network_and_no_python_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", "/somewhere")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    seen = process(tmp_path, "env").finish(frozenset({0}), 30).decode()
    assert f"HOME={tmp_path}" in seen
    assert "https_proxy=http://127.0.0.1:9" in seen
    assert "PYTHONPATH" not in seen
    assert "AWS_SECRET" not in seen


def test_a_program_that_does_not_end_is_stopped_with_what_it_started(tmp_path: Path) -> None:
    alive = tmp_path / "alive"
    os.mkfifo(alive)
    reader = os.open(alive, os.O_RDONLY | os.O_NONBLOCK)
    slow = process(tmp_path, f"(echo started; exec sleep 600) > {alive} & wait")
    with pytest.raises(BadAnswer, match="stopped after 2 seconds"):
        slow.finish(frozenset({0}), 2)
    os.set_blocking(reader, True)
    assert os.read(reader, 100) == b"started\n"
    assert os.read(reader, 100) == b"", "whoever held the other end is gone"
    os.close(reader)


def test_what_a_failing_program_says_is_not_repeated(tmp_path: Path) -> None:
    failing = process(tmp_path, "echo \"ValueError: bad literal 'hunter2'\" >&2; exit 2")
    with pytest.raises(BadAnswer) as caught:
        failing.finish(frozenset({0}), 30)
    assert str(caught.value) == "ended with status 2 (ValueError)"


@pytest.mark.parametrize("name", ["ruff", "bandit", "squawk", "detect-secrets"])
@pytest.mark.parametrize("output", [b"", b"[1, 2", b'{"results": 3}', b"\xff\xfe", b"null", b'"text"'])
def test_an_answer_that_is_not_what_was_asked_for_is_one_line(name: str, output: bytes) -> None:
    if name == "squawk" and not output:
        return  # it says nothing where it found nothing
    with pytest.raises(BadAnswer) as caught:
        adapter(name).read(output)
    assert str(caught.value) == "its answer is not the JSON that was asked for"


def test_a_failing_engine_costs_no_other_its_findings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ruff = locate(adapter("ruff"), tmp_path / "target").path
    executable(tmp_path / "bin", "ruff", f'exec {ruff} "$@"')
    executable(tmp_path / "bin", "bandit", "exit 4")
    monkeypatch.setattr("sys.executable", str(tmp_path / "bin" / "python"))
    result = collected(write(tmp_path / "target", SERVICE), "ruff", "bandit")
    assert {name for name, _ in result.hits} == {"ruff"}
    assert [(f.kind, f.subject, f.reason, f.fatal) for f in result.failures] == [
        ("engine", "bandit", "ended with status 4", True)
    ]
    assert [each.name for each in result.stats] == ["ruff"]


def test_an_error_of_ours_costs_the_engine_and_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "TIME_LIMIT", "no number")
    result = collected(write(tmp_path, SERVICE), "ruff")
    assert [(f.subject, f.reason, f.fatal) for f in result.failures] == [
        ("ruff", "asking it failed: TypeError", True)
    ]


def test_only_files_that_have_changed_are_looked_at_again(tmp_path: Path) -> None:
    folder, cache = write(tmp_path / "target", SERVICE), tmp_path / "cache"
    first = collected(folder, "ruff", "bandit", cache=cache)
    assert [each.cached for each in first.stats] == [0, 0]
    again = collected(folder, "ruff", "bandit", cache=cache)
    assert [each.cached for each in again.stats] == [2, 2]
    assert again.hits == first.hits
    write(folder, {"app/main.py": "eval(input())\n"})
    changed = collected(folder, "ruff", cache=cache)
    assert [(each.files, each.cached) for each in changed.stats] == [(2, 1)]
    assert found(changed) == {("S307", "app/main.py", 1)}


def test_a_damaged_cache_is_made_anew(tmp_path: Path) -> None:
    folder, cache = write(tmp_path / "target", SERVICE), tmp_path / "cache"
    first = collected(folder, "ruff", cache=cache)
    (kept,) = cache.iterdir()
    kept.write_bytes(b"\x81\xa1x")
    assert collected(folder, "ruff", cache=cache).hits == first.hits


def test_files_are_dealt_out_evenly_and_none_is_lost() -> None:
    contents = {f"{number}.py": b"x" * number for number in range(1, 40)}
    shards = running._shards(contents, 3)
    assert sorted(path for shard in shards for path in shard) == sorted(contents)
    loads = [sum(len(contents[path]) for path in shard) for shard in shards]
    assert max(loads) - min(loads) < 40


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rooms = tmp_path / "rooms"
    rooms.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(rooms))
    collected(write(tmp_path / "target", SERVICE), "ruff", "squawk")
    assert list(rooms.iterdir()) == []
