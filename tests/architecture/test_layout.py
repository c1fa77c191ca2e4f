"""The rules of the house that a linter cannot see."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "archguard"
MODULES = sorted(SOURCE.rglob("*.py"))


def _imports(module: Path, name: str) -> bool:
    pattern = rf"^\s*(?:import {name}\b|from {name}\b)"
    return re.search(pattern, module.read_text(encoding="utf-8"), re.MULTILINE) is not None


@pytest.mark.parametrize(("library", "door"), [("ast", "extract"), ("sarif_om", "output")])
def test_a_library_has_one_door(library: str, door: str) -> None:
    outside = [m for m in MODULES if m.relative_to(SOURCE).parts[0] != door and _imports(m, library)]
    assert outside == []


def test_no_module_is_longer_than_400_lines() -> None:
    long = {
        str(m.relative_to(SOURCE)): n
        for m in MODULES
        if (n := len(m.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert long == {}


def test_no_module_is_a_drawer_for_everything() -> None:
    assert [m for m in MODULES if m.stem in {"utils", "util", "common", "helpers", "misc"}] == []


def test_only_the_command_line_prints_and_exits() -> None:
    pattern = re.compile(r"^\s*(?:print\(|sys\.exit\(|raise SystemExit)", re.MULTILINE)
    speaking = [
        str(m.relative_to(SOURCE))
        for m in MODULES
        if m.relative_to(SOURCE).parts[0] not in {"cli", "__main__.py"}
        and m != SOURCE / "rules" / "generate.py"  # a tool of the checkout
        and pattern.search(m.read_text(encoding="utf-8"))
    ]
    assert speaking == []
