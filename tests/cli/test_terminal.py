"""What a terminal gets that a pipe does not."""

from __future__ import annotations

import io

import pytest

from archguard.cli import terminal


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "CI", "GITHUB_ACTIONS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")


def test_colour_only_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    assert terminal.has_colour(_Terminal())
    assert not terminal.has_colour(io.StringIO())
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert terminal.has_colour(io.StringIO())
    monkeypatch.setenv("NO_COLOR", "1")
    assert not terminal.has_colour(_Terminal())


def test_no_progress_without_a_terminal_on_ci_or_when_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr", _Terminal())
    assert terminal.shows_progress(quiet=False)
    assert not terminal.shows_progress(quiet=True)
    monkeypatch.setenv("CI", "true")
    assert not terminal.shows_progress(quiet=False)


def test_the_sign_of_life_comes_after_a_while_and_goes_away(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = _Terminal()
    monkeypatch.setattr("sys.stderr", screen)
    with terminal.waiting("reading app", quiet=False):
        pass
    assert screen.getvalue() == ""
    monkeypatch.setattr(terminal, "PATIENCE", 0.0)
    with terminal.waiting("reading app", quiet=False):
        while "reading app" not in screen.getvalue():
            pass
    assert screen.getvalue().endswith("\r\x1b[K")
