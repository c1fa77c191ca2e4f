"""The process says all that the command line says, and ends with its status, however abruptly it ends."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.command_line import call

ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path))}


def started(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "archguard", *arguments]
    return subprocess.run(command, cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, check=False)


def test_all_that_is_written_arrives_through_a_pipe(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    process = started("rules", "--format", "json", folder=tmp_path)
    assert (process.returncode, process.stdout) == (0, call(capfd, "rules", "--format", "json").out)
    assert len(process.stdout) > 10_000


def test_the_status_and_the_message_of_a_wrong_call_arrive(tmp_path: Path) -> None:
    process = started("scan", "absent.py", folder=tmp_path)
    assert process.returncode == 2
    assert "no such file or folder: absent.py" in process.stderr


def test_a_report_that_is_asked_for_is_on_disk(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text("import requests\n\n\ndef show():\n    return requests.get('x')\n")
    process = started("scan", "--format", "sarif", "-o", "found.sarif", "--fail-on", "never", folder=tmp_path)
    assert process.returncode == 0
    assert (tmp_path / "found.sarif").read_text().rstrip().endswith("}")


def test_a_reader_that_goes_changes_no_status(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "archguard", "rules", "--format", "json"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=tmp_path, env=ENVIRONMENT, stdout=pipe, stderr=pipe) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 0
