"""The entry: cheap until a command is called, and every way out has its exit status."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from archguard import __version__
from archguard.cli.main import COMMANDS, cli, main

HEAVY = {"msgspec", "jinja2", "rich", "sarif_om", "yaml", "pgparse", "sqlite3", "archguard.model"}


def _modules_after(arguments: list[str]) -> set[str]:
    """The modules that are loaded once the command has run, in a process of its own."""
    code = (
        "import json, sys\n"
        "from archguard.cli.main import main\n"
        "try:\n    main(json.loads(sys.argv[1]))\n"
        "except SystemExit:\n    sys.stderr.write(json.dumps(sorted(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, json.dumps(arguments)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    return set(json.loads(done.stderr))


@pytest.mark.parametrize("argument", ["--version", "--help"])
def test_version_and_help_import_nothing_heavy(argument: str) -> None:
    assert _modules_after([argument]) & HEAVY == set()


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_imports_no_room(name: str) -> None:
    loaded = _modules_after([name, "--help"])
    assert loaded & HEAVY == set()
    assert {m for m in loaded if m.startswith("archguard.") and not m.startswith("archguard.cli")} == set()


def test_listing_the_rules_imports_none_of_them() -> None:
    loaded = {name for name in _modules_after(["rules"]) if name.startswith("archguard.rules.")}
    assert loaded == {"archguard.rules.catalogue", "archguard.rules.pages"}


def test_every_command_is_there_and_says_what_it_does() -> None:
    for name in COMMANDS:
        command = cli.get_command(cli.make_context("archguard", ["rules"]), name)
        assert command is not None
        assert command.name == name
        assert command.help


def _outcome(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as exited:
        main(arguments)
    captured = capsys.readouterr()
    return int(str(exited.value.code)), captured.out, captured.err


def test_version_prints_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert _outcome(capsys, "--version") == (0, f"archguard {__version__}\n", "")


def test_an_unknown_command_is_one_line_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = _outcome(capsys, "scn")
    assert (status, out) == (2, "")
    assert err == "archguard: no command 'scn'; did you mean scan? (see archguard --help)\n"


def test_an_unknown_option_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    status, _, err = _outcome(capsys, "scan", "--severty", "high")
    assert status == 2
    assert len(err.splitlines()) == 1
    assert "--severity" in err


def test_an_engine_that_does_not_exist_is_said_before_anything_runs(
    capsys: pytest.CaptureFixture[str],
) -> None:
    status, out, err = _outcome(capsys, "scan", "--engines", "native,flake9")
    assert (status, out) == (2, "")
    assert "no engine is called 'flake9'" in err


def test_an_interrupt_is_130(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "main", interrupted)
    assert _outcome(capsys, "rules") == (130, "", "archguard: interrupted\n")


def test_python_m_archguard_is_the_same_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "archguard", "--version"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert done.stdout == f"archguard {__version__}\n"
