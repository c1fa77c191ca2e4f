"""Resolved calls are kept whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from archguard.triage.kept import KEEP_CALLS, ResolvedCalls


def test_what_was_kept_last_is_recalled(tmp_path: Path) -> None:
    calls = ResolvedCalls(tmp_path, "one")
    assert calls.recall() is None
    calls.keep(b"first")
    calls.keep(b"second")
    assert ResolvedCalls(tmp_path, "one").recall() == b"second"
    assert ResolvedCalls(tmp_path, "other").recall() is None


@pytest.mark.parametrize("damage", [lambda b: b[:-1], lambda b: b[:10], lambda b: b"", lambda b: b + b"x"])
def test_what_is_not_whole_is_not_recalled(tmp_path: Path, damage: object) -> None:
    calls = ResolvedCalls(tmp_path, "one")
    calls.keep(b"content")
    (path,) = tmp_path.iterdir()
    assert callable(damage)
    path.write_bytes(damage(path.read_bytes()))
    assert calls.recall() is None


def test_the_oldest_go(tmp_path: Path) -> None:
    for number in range(KEEP_CALLS + 2):
        ResolvedCalls(tmp_path, str(number)).keep(b"content")
        os.utime(tmp_path / f"calls-{number}.bin", (number, number))
    kept = {path.name for path in tmp_path.iterdir()}
    assert len(kept) == KEEP_CALLS
    assert "calls-0.bin" not in kept


def test_a_folder_that_is_not_there_keeps_nothing(tmp_path: Path) -> None:
    ResolvedCalls(tmp_path / "absent", "one").keep(b"content")
    assert not list(tmp_path.iterdir())
