"""A composite action's steps as GitHub's runner would run them, with known actions replaced by stand-ins."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.support.expressions import filled, holds

Json = dict[str, Any]


class Refused(Exception):
    """A stand-in's step fails, for this reason."""


StandIn = Callable[[Mapping[str, str]], Mapping[str, str] | None]
"""What stands for an action: from its inputs to its outputs; raises `Refused`."""


@dataclass
class Ran:
    """What an action left behind."""

    failed: bool = False
    status: int = 0
    log: str = ""
    summary: str = ""
    outputs: dict[str, str] = field(default_factory=dict)
    steps: dict[str, dict[str, object]] = field(default_factory=dict)
    outcomes: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Runner:
    """A machine with a checkout in ``workspace``, for one event.

    ``actions`` stand for what ``uses`` names, by the part before the at sign; one that is not there is an
    error. ``done`` are steps that are taken as run before, by id, with their outputs.
    """

    workspace: Path
    temp: Path
    event: Json
    actions: Mapping[str, StandIn]
    done: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    sha: str = ""

    def run(self, action: Path, given: Mapping[str, str]) -> Ran:
        """Runs the action with these inputs."""
        definition = yaml.safe_load(action.read_text(encoding="utf-8"))
        declared: dict[str, Json] = definition["inputs"]
        unknown = given.keys() - declared.keys()
        assert not unknown, f"no such inputs: {unknown}"
        inputs = {name: str(each.get("default", "")) for name, each in declared.items()} | dict(given)
        ran = Ran()
        context = self._context(inputs, ran)
        for number, step in enumerate(definition["runs"]["steps"]):
            self._step(step, str(step.get("id", number)), context, ran, action)
        outputs: dict[str, Json] = definition.get("outputs", {})
        ran.outputs = {name: filled(str(each["value"]), context, {}) for name, each in outputs.items()}
        return ran

    def _context(self, inputs: Mapping[str, str], ran: Ran) -> Json:
        github = {"event": self.event, "sha": self.sha, "workspace": str(self.workspace)}
        machine = {"temp": str(self.temp), "os": "Linux"}
        return {"inputs": inputs, "steps": ran.steps, "github": github, "runner": machine}

    def _step(self, step: Json, name: str, context: Json, ran: Ran, action: Path) -> None:
        functions = {
            "always": lambda: True,
            "success": lambda: not ran.failed,
            "failure": lambda: ran.failed,
            "cancelled": lambda: False,
        }
        condition = str(step.get("if", "success()"))
        if not any(f"{function}()" in condition for function in functions):
            condition = f"success() && ({condition.replace('${{', '').replace('}}', '')})"
        if not holds(condition, context, functions):
            outcome, outputs = "skipped", {}
        elif name in self.done:
            outcome, outputs = "success", dict(self.done[name])
        else:
            outcome, outputs = self._tried(step, context, ran, action)
        ran.steps[name] = {"outcome": outcome, "outputs": outputs}
        ran.outcomes[str(step["name"])] = outcome
        ran.failed |= outcome == "failure" and not step.get("continue-on-error")

    def _tried(self, step: Json, context: Json, ran: Ran, action: Path) -> tuple[str, dict[str, str]]:
        if "run" in step:
            return self._shell(step, context, ran, action)
        name, _, pin = str(step["uses"]).partition("@")
        assert len(pin) == 40, f"{name} is not pinned by its full hash"
        given = step.get("with") or {}
        assert isinstance(given, dict)
        try:
            stand_in = self.actions[name]
            found = stand_in({key: filled(str(value), context, {}) for key, value in given.items()})
        except Refused as reason:
            ran.log += f"##[error]{reason}\n"
            return "failure", {}
        return "success", dict(found or {})

    def _shell(self, step: Json, context: Json, ran: Ran, action: Path) -> tuple[str, dict[str, str]]:
        assert step["shell"] == "bash", "a composite action names its shell"
        script = str(step["run"])
        assert "${{" not in script, "what an expression holds is never part of a script"
        declared = step.get("env") or {}
        assert isinstance(declared, dict)
        own = {key: filled(str(value), context, {}) for key, value in declared.items()}
        output, summary = self.temp / "output", self.temp / "summary"
        for file in (output, summary):
            file.write_text("")
        event = self.temp / "event.json"
        event.write_text(json.dumps(self.event))
        runner = {
            "GITHUB_ACTIONS": "true", "CI": "true", "RUNNER_TEMP": str(self.temp),
            "GITHUB_OUTPUT": str(output), "GITHUB_STEP_SUMMARY": str(summary),
            "GITHUB_EVENT_PATH": str(event), "GITHUB_ACTION_PATH": str(action.parent),
            "GITHUB_WORKSPACE": str(self.workspace),
        }  # fmt: skip
        folder = self.workspace / filled(str(step.get("working-directory", ".")), context, {})
        file = self.temp / "script.sh"
        file.write_text(script)
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(file)],
            cwd=folder, env=_bare() | runner | own, check=False, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        ran.log += done.stdout
        ran.summary += summary.read_text()
        ran.status = ran.status or done.returncode
        pairs = (line.partition("=") for line in output.read_text().splitlines())
        return "failure" if done.returncode else "success", {key: value for key, _, value in pairs}


def _bare() -> dict[str, str]:
    """The environment without what would make a run differ from one on a machine of GitHub's."""
    names = ("PATH", "HOME", "LANG", "PIP_INDEX_URL", "PIP_CONFIG_FILE", "SSL_CERT_FILE")
    return {name: os.environ[name] for name in names if name in os.environ}
