"""What is installed is what is here: code, tables, templates, the rule index."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]
SOURCE = TOP / "src"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--quiet"]
    subprocess.run([*command, "--wheel-dir", str(folder), str(TOP)], check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return zipfile.ZipFile(built)


def test_every_file_of_the_package_is_in_the_wheel(wheel: zipfile.ZipFile) -> None:
    here = {
        path.relative_to(SOURCE).as_posix()
        for path in (SOURCE / "archguard").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert here - set(wheel.namelist()) == set()
    assert {"archguard/py.typed", "archguard/rules/index.json"} <= here


def test_the_semgrep_rules_are_in_the_wheel_and_their_cases_are_not(wheel: zipfile.ZipFile) -> None:
    families = {f"archguard/semgrep_rules/{path.name}" for path in (TOP / "rules" / "semgrep").glob("*.yml")}
    assert families
    assert {name for name in wheel.namelist() if "/semgrep_rules/" in name} == families


def test_nothing_but_the_package_is_in_the_wheel(wheel: zipfile.ZipFile) -> None:
    roots = {name.split("/")[0] for name in wheel.namelist()}
    assert {root.partition("-")[0] for root in roots} == {"archguard", "archguard_review"}


def test_the_command_the_extras_and_the_licence_are_declared(wheel: zipfile.ZipFile) -> None:
    (info,) = {name.split("/")[0] for name in wheel.namelist() if ".dist-info/" in name}
    metadata = wheel.read(f"{info}/METADATA").decode()
    assert "Name: archguard-review\n" in metadata
    assert "License-Expression: Apache-2.0\n" in metadata
    assert {f"Provides-Extra: {name}" for name in ("all", "dev", "engines", "semgrep")} <= set(
        metadata.splitlines()
    )
    assert "archguard = archguard.cli.entry:run" in wheel.read(f"{info}/entry_points.txt").decode()
