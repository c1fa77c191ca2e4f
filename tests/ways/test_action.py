"""The GitHub Action, run step by step on real repositories, for the events that there are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from tests.support.code_scanning import CodeScanning
from tests.support.command_line import CLEAN, PRICES, SERVICE, git, repository, write
from tests.support.runner import Json, Ran, Runner, StandIn

ROOT = Path(__file__).parents[2]
ACTION = ROOT / "action.yml"
OURS = {"repo": {"id": 1}}
FORK = {"repo": {"id": 2}}


def _nothing(_: Mapping[str, str]) -> None:
    """An action that leaves nothing that ours needs."""


class Machine:
    """A runner with a shallow checkout, and code scanning."""

    def __init__(self, remote: Path, temp: Path, installed: Mapping[str, str], branch: str = "main") -> None:
        self.scanning = CodeScanning()
        self.workspace, self.temp = temp / "work", temp / "temp"
        self.temp.mkdir(parents=True)
        git(temp, "clone", "--depth=1", f"--branch={branch}", remote.as_uri(), "work")
        self._done = {"install": installed} if installed else {}

    def run(self, event: Json, **inputs: str) -> Ran:
        """Runs the action."""
        actions: dict[str, StandIn] = {
            "actions/setup-python": _nothing,
            "actions/cache": _nothing,
            "github/codeql-action/upload-sarif": self.scanning,
        }
        runner = Runner(self.workspace, self.temp, event, actions, self._done)
        return runner.run(ACTION, {name.replace("_", "-"): value for name, value in inputs.items()})


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The outputs of the step that installs, run once for all tests."""
    folder = tmp_path_factory.mktemp("installed")
    machine = Machine(repository(folder / "remote", CLEAN), folder, {})
    ran = machine.run({}, upload="never", fail_on="never")
    assert ran.outcomes["Install archguard"] == "success", ran.log
    outputs = ran.steps["install"]["outputs"]
    assert isinstance(outputs, dict)
    return outputs


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    """A repository whose branch ``change`` adds a blocking call behind a helper; an old one is there."""
    folder = repository(tmp_path / "remote", CLEAN | {"app/routes.py": LEGACY_ROUTE})
    git(folder, "switch", "-c", "change")
    write(folder, {"app/prices.py": PRICES})
    git(folder, "commit", "-am", "two")
    git(folder, "switch", "main")
    return folder


LEGACY_ROUTE = """import time

from fastapi import APIRouter

from app.main import app

router = APIRouter()


@router.get("/old")
async def old():
    time.sleep(1)


app.include_router(router)
"""


def _head(folder: Path, ref: str) -> str:
    return (folder / ".git" / "refs" / "heads" / ref).read_text().strip()


def _request(remote: Path, head: Json) -> Json:
    base = OURS | {"sha": _head(remote, "main")}
    return {"pull_request": {"base": base, "head": head}, "repository": {"private": False}}


def _results(log: Json) -> list[str]:
    runs = log["runs"]
    assert isinstance(runs, list)
    return sorted(
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for run in runs
        for result in run["results"]
    )


def test_a_pull_request_shows_what_it_adds_and_uploads_everything(
    remote: Path, tmp_path: Path, installed: dict[str, str]
) -> None:
    machine = Machine(remote, tmp_path, installed, "change")
    ran = machine.run(_request(remote, OURS))
    assert ran.outcomes["End as the review did"] == "failure", ran.log
    assert ran.status == 1
    assert ran.outputs["new"] == "1"
    (log,) = machine.scanning.uploads
    assert _results(log) == ["app/prices.py", "app/routes.py"]  # GitHub itself tells what is new
    assert "1 new finding" in ran.summary
    assert "app/prices.py:5" in ran.summary
    assert "GET /prices/{symbol}" in ran.summary
    assert "app/routes.py" not in ran.summary
    assert ran.outcomes["Show annotations where code scanning is not to be had"] == "skipped"


def test_a_fork_s_pull_request_gets_annotations_and_says_why(
    remote: Path, tmp_path: Path, installed: dict[str, str]
) -> None:
    machine = Machine(remote, tmp_path, installed, "change")
    ran = machine.run(_request(remote, FORK))
    assert machine.scanning.uploads == []
    assert re.search(r"^::error file=app/prices.py,line=5,", ran.log, re.MULTILINE)
    assert "fork" in ran.summary
    assert ran.status == 1


def test_a_fork_cannot_silence_the_review_with_its_own_configuration(
    remote: Path, tmp_path: Path, installed: dict[str, str]
) -> None:
    git(remote, "switch", "change")
    write(remote, {"archguard.toml": 'ignore = ["AG0901"]\nfail-on = "never"\n'})
    git(remote, "add", "-A")
    git(remote, "commit", "-m", "hush")
    assert Machine(remote, tmp_path / "a", installed, "change").run(_request(remote, FORK)).status == 1
    assert Machine(remote, tmp_path / "b", installed, "change").run(_request(remote, OURS)).status == 0


def test_where_the_upload_fails_the_findings_are_annotations(
    remote: Path, tmp_path: Path, installed: dict[str, str]
) -> None:
    machine = Machine(remote, tmp_path, installed, "change")
    machine.scanning.allowed = False
    ran = machine.run(_request(remote, OURS))
    assert ran.outcomes["Upload to code scanning"] == "failure"
    assert "::error file=app/prices.py" in ran.log
    assert "security-events: write" in ran.summary
    assert ran.status == 1


def test_an_empty_result_is_uploaded_too_so_that_alerts_close(
    tmp_path: Path, installed: dict[str, str]
) -> None:
    machine = Machine(repository(tmp_path / "remote", CLEAN), tmp_path, installed)
    ran = machine.run({"ref": "refs/heads/main"}, category="backend")
    assert not ran.failed, ran.log
    (log,) = machine.scanning.uploads
    assert _results(log) == []
    (run,) = log["runs"]
    assert run["automationDetails"]["id"] == "backend/native/"
    assert ran.outputs["grade"] == "A"
    assert ran.outputs["new"] == ""
    assert Path(ran.outputs["report"]).read_text().startswith("# Architecture reassessment")


def test_a_push_that_finds_something_fails_unless_it_may_not(
    tmp_path: Path, installed: dict[str, str]
) -> None:
    remote = repository(tmp_path / "remote", SERVICE)
    assert Machine(remote, tmp_path / "a", installed).run({}).status == 1
    assert Machine(remote, tmp_path / "b", installed).run({}, fail_on="never").status == 0


def test_a_wrong_input_is_one_line_and_fails(tmp_path: Path, installed: dict[str, str]) -> None:
    machine = Machine(repository(tmp_path / "remote", CLEAN), tmp_path, installed)
    ran = machine.run({}, fail_on="sometimes")
    assert ran.failed
    assert ran.status == 2
    assert "sometimes" in ran.log
    assert "Traceback" not in ran.log


def test_the_service_may_lie_in_a_folder_of_the_checkout(tmp_path: Path, installed: dict[str, str]) -> None:
    remote = repository(tmp_path / "remote", {f"backend/{name}": text for name, text in SERVICE.items()})
    machine = Machine(remote, tmp_path, installed)
    machine.run({}, working_directory="backend")
    (log,) = machine.scanning.uploads
    assert _results(log) == ["backend/app/prices.py"]


def test_every_action_is_pinned_and_no_script_holds_an_expression() -> None:
    steps = yaml.safe_load(ACTION.read_text())["runs"]["steps"]
    used = [step["uses"] for step in steps if "uses" in step]
    assert all(re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", name) for name in used)
    assert not any("${{" in step.get("run", "") for step in steps)
