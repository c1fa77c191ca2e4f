"""Real services: no crash, and every place in every output is there. Run by `make test-services`.

ARCHGUARD_SERVICES is a folder of checkouts; nothing is fetched.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(os.environ.get("ARCHGUARD_SERVICES", "/nowhere"))
CHECKOUTS = sorted(path for path in FOLDER.glob("*") if path.is_dir()) if FOLDER.is_dir() else []

pytestmark = pytest.mark.services


def _review(checkout: Path, out: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "archguard", "review", str(checkout), "--directory", str(out)]
    options = ["--cache-dir", str(out / "cache"), "--format", "json"]
    return subprocess.run([*command, *options], capture_output=True, text=True, check=False)


def _lines(path: Path) -> int:
    return len(path.read_bytes().splitlines()) if path.is_file() else -1


@pytest.fixture(scope="module", params=[pytest.param(path, id=path.name) for path in CHECKOUTS])
def reviewed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    checkout: Path = request.param
    out = tmp_path_factory.mktemp(checkout.name)
    done = _review(checkout, out)
    assert done.returncode in (0, 1), done.stderr
    assert "Traceback" not in done.stderr
    json.loads(done.stdout)
    return checkout, out


def test_every_output_is_written(reviewed: tuple[Path, Path]) -> None:
    _, out = reviewed
    for name in ("results.sarif", "archguard.json", "report.md", "report.html"):
        assert (out / name).stat().st_size > 0


def test_every_place_in_the_sarif_is_there(reviewed: tuple[Path, Path]) -> None:
    checkout, out = reviewed
    sarif = json.loads((out / "results.sarif").read_bytes())
    places = [
        location["physicalLocation"]
        for run in sarif["runs"]
        for result in run["results"]
        for location in (*result["locations"], *result.get("relatedLocations", []))
    ]
    for place in places:
        path = checkout / place["artifactLocation"]["uri"]
        assert 1 <= place["region"]["startLine"] <= max(_lines(path), 1), place


def test_every_place_in_the_report_is_there(reviewed: tuple[Path, Path]) -> None:
    checkout, out = reviewed
    command = [sys.executable, "-m", "archguard", "report", "--check", str(out / "report.md")]
    done = subprocess.run([*command, "--source", str(checkout)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")
