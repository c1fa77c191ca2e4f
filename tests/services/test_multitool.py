"""What Microsoft's validator says of our SARIF: an npm package, so only where somebody installed it.

``npm install @microsoft/sarif-multitool`` puts it into node_modules of the repository;
ARCHGUARD_MULTITOOL names its executable or its folder elsewhere.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from archguard.model.run import Commit, Run
from archguard.output import sarif
from tests.output.sample_run import CYCLE, sample_run

ROOT = Path(__file__).parents[2]

TOLERATED = {
    "SARIF2002": "messages as templates: code scanning shows none",
    "SARIF2003": "the repository's address: a run without a remote has none",
    "SARIF2005": "an address of the tool: it has none yet",
    "SARIF2006": "addresses that answer: tests have no network",
    "SARIF2009": "ids without spaces: other tools' rules are called by tool and id",
    "SARIF2010": "snippets: the lines around the place are in contextRegion",
    "SARIF2012": "Pascal-case names and help addresses: our rules are called what users type",
}


def _command() -> Sequence[str]:
    named = os.environ.get("ARCHGUARD_MULTITOOL", "")
    folders = [Path(named), ROOT] if named else [ROOT]
    for folder in folders:
        if folder.is_file():
            return [str(folder)]
        script = folder / "node_modules/@microsoft/sarif-multitool/index.js"
        if script.exists() and (found := _binary(script.parents[1])):
            return [found]
    pytest.skip("sarif-multitool is not installed: npm install @microsoft/sarif-multitool")


def _binary(packages: Path) -> str:
    """The executable that the npm package ships; npm may not have been allowed to mark it as one."""
    found = sorted(packages.glob("sarif-multitool-*/Sarif.Multitool"))
    if not found:
        return ""
    found[0].chmod(0o755)
    return str(found[0])


def complaints(content: bytes, folder: Path) -> list[str]:
    """What the validator says, GitHub's own rules included, but for what is tolerated."""
    source, answer = folder / "archguard.sarif", folder / "answer.sarif"
    source.write_bytes(content)
    command = [*_command(), "validate", str(source), "--output", str(answer), "--rule-kind", "Sarif;Ghas"]
    ran = subprocess.run(
        [*command, "--level", "Error;Warning;Note", "--log", "ForceOverwrite"],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert answer.exists(), ran.stdout + ran.stderr
    run: dict[str, Any] = json.loads(answer.read_text(encoding="utf-8-sig"))["runs"][0]
    assert not run["invocations"][0].get("toolExecutionNotifications"), ran.stdout
    return [
        f"{found.get('level', 'warning')} {found['ruleId']}: {found['message']}"
        for found in run.get("results", [])
        if found["ruleId"] not in TOLERATED
    ]


def _two_tools() -> Run:
    foreign = replace(CYCLE, finding=replace(CYCLE.finding, rule="bandit B608", sources=("bandit B608",)))
    return replace(sample_run(), findings=(*sample_run().findings, foreign), prefix="services/api")


@pytest.mark.services
@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
@pytest.mark.parametrize(
    "run",
    [sample_run(), _two_tools(), Run("", "0.1.0", Commit(), (), ())],
    ids=["sample", "two tools", "empty"],
)
def test_the_validator_has_nothing_to_say(run: Run, tmp_path: Path) -> None:
    assert complaints(sarif.render(run, with_suppressed=True), tmp_path) == []


@pytest.mark.services
@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_the_validator_does_see_errors(tmp_path: Path) -> None:
    value = json.loads(sarif.render(sample_run()))
    value["runs"][0]["results"][0]["ruleIndex"] = 99
    assert complaints(json.dumps(value).encode(), tmp_path)
