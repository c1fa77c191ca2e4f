"""Errors: one line each, with the exit status that says whose they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from archguard.cli.main import cli, main


def _outcome(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as exited:
        main(arguments)
    captured = capsys.readouterr()
    return int(str(exited.value.code)), captured.out, captured.err


@pytest.mark.parametrize("path", ["nowhere", "nowhere/a.py"])
def test_a_path_that_is_not_there_is_a_wrong_call(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.chdir(tmp_path)
    for command in ("scan", "review"):
        status, _, err = _outcome(capsys, command, path)
        assert status == 2
        assert path in err
        assert len(err.splitlines()) == 1


def test_an_error_of_our_own_is_3_and_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> int:
        raise RuntimeError("no\nsuch luck")

    monkeypatch.delenv("ARCHGUARD_DEBUG", raising=False)
    monkeypatch.setattr(cli, "main", broken)
    status, _, err = _outcome(capsys, "rules")
    assert status == 3
    assert (
        err == "archguard: an error of archguard itself: RuntimeError: no such luck; --verbose shows where\n"
    )
    monkeypatch.setenv("ARCHGUARD_DEBUG", "1")
    with pytest.raises(RuntimeError):
        main(["rules"])
