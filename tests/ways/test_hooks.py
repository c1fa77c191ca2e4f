"""The hooks under the real pre-commit and the real prek, installed from a clean cache.

What is installed is this checkout as it is, committed to a repository of its own.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from tests.support.command_line import BLOCKING, CLEAN, PRICES, SERVICE, call, repository, write

Tool = tuple[str, dict[str, str]]
"""A program that runs hooks, and the environment to run it in."""

ROOT = Path(__file__).parents[2]
TOOLS = Path(sys.executable).parent
DECLARED = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
HOOKS = ("archguard", "archguard-secrets", "archguard-full")
"""All but the one that installs semgrep."""

INSTALLED_LIMIT = 45_000_000
"""Bytes that the default hook's environment may add to a bare one."""


class Hooked(NamedTuple):
    """A service with the hooks installed, and the environment to commit in."""

    folder: Path
    environment: dict[str, str]

    def git(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return _run(["git", *arguments], self.folder, self.environment)

    def commit(self, files: dict[str, str]) -> subprocess.CompletedProcess[str]:
        """Stages these files and commits."""
        write(self.folder, files)
        self.git("add", *files)
        return self.git("commit", "-m", "a change")


def _run(command: list[str], folder: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    out, err = subprocess.PIPE, subprocess.STDOUT
    return subprocess.run(
        command, cwd=folder, env=environment, check=False, text=True, stdout=out, stderr=err
    )


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This checkout, committed."""
    folder = tmp_path_factory.mktemp("archguard")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file() and not name.startswith("tests/"):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    return repository(folder, {})


@pytest.fixture(scope="module", params=["pre-commit", "prek"])
def tool(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Tool:
    """The program that runs hooks, with a cache of its own."""
    home = tmp_path_factory.mktemp("home")
    names = ("PATH", "LANG", "PIP_INDEX_URL", "PIP_CONFIG_FILE", "SSL_CERT_FILE", "HTTPS_PROXY", "NO_PROXY")
    kept = {name: os.environ[name] for name in names if name in os.environ}
    who = (f"GIT_{role}_{what}" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL"))
    own = {"HOME": str(home), "PRE_COMMIT_HOME": str(home / "c"), "PREK_HOME": str(home / "k")}
    return str(TOOLS / request.param), kept | own | dict.fromkeys(who, "a@example.org")


@pytest.fixture
def hooked(tool: Tool, hooks: Path, tmp_path: Path) -> Hooked:
    """A clean service whose commits and pushes are checked."""
    program, environment = tool
    service = repository(tmp_path / "service", CLEAN)
    head = _run(["git", "rev-parse", "HEAD"], hooks, environment).stdout.strip()
    write(service, {".pre-commit-config.yaml": _configuration(hooks, head)})
    done = _run([program, "install", "-t", "pre-commit", "-t", "pre-push"], service, environment)
    assert done.returncode == 0, done.stdout
    made = Hooked(service, environment)
    made.git("add", "-A")
    assert made.git("commit", "-m", "hooks").returncode == 0
    return made


def _configuration(hooks: Path, head: str) -> str:
    ids = "".join(f"      - id: {name}\n" for name in HOOKS)
    return f"repos:\n  - repo: {hooks}\n    rev: {head}\n    hooks:\n{ids}"


LEGACY = BLOCKING.replace("prices.latest(symbol)", "time.sleep(3)")
"""A file with a finding that has been there for long."""


def test_a_commit_that_adds_a_blocking_call_behind_a_helper_is_stopped_with_its_chain(hooked: Hooked) -> None:
    done = hooked.commit({"app/prices.py": PRICES})
    assert done.returncode == 1, done.stdout
    assert "AG0901 blocking-call-in-async" in done.stdout
    assert "GET /prices/{symbol}" in done.stdout  # app/main.py, which the commit does not touch
    assert "app/prices.py:5" in done.stdout


def test_the_commit_in_the_readme_is_stopped_as_it_says(hooked: Hooked) -> None:
    (block,) = re.findall(
        r"(?ms)^```console\n\$ git commit.*?\n\n(.*?)^```", (ROOT / "README.md").read_text()
    )
    quotes = "app/services/quotes.py"
    project = ROOT / "tests" / "projects" / "quotes"
    files = {path.relative_to(project).as_posix(): path.read_text() for path in project.rglob("*.py")}
    before = files[quotes].replace("return requests.get(url, timeout=5)", "raise NotImplementedError")
    assert hooked.commit(files | {quotes: before, "app/prices.py": ""}).returncode == 0
    done = hooked.commit({quotes: files[quotes]})
    assert done.returncode == 1
    said = textwrap.dedent(block)
    assert said in done.stdout or said in re.sub(r"(?m)^  ", "", done.stdout)  # prek indents it


def test_a_commit_that_touches_a_file_full_of_old_findings_passes(hooked: Hooked) -> None:
    write(hooked.folder, {"app/main.py": LEGACY})
    hooked.git("add", "-A")
    assert hooked.git("commit", "--no-verify", "-m", "long ago").returncode == 0
    done = hooked.commit({"app/main.py": f"# a line above\n{LEGACY}\n\nVERSION = 2\n"})
    assert done.returncode == 0, done.stdout


def test_what_is_staged_counts_and_not_what_lies_beside_it(hooked: Hooked) -> None:
    write(hooked.folder, {"app/prices.py": PRICES})
    hooked.git("add", "app/prices.py")
    write(hooked.folder, {"app/prices.py": CLEAN["app/prices.py"]})
    assert hooked.git("commit", "-m", "staged").returncode == 1
    hooked.git("add", "app/prices.py")
    write(hooked.folder, {"app/prices.py": PRICES})
    done = hooked.commit({"app/other.py": "X = 2\n"})
    assert done.returncode == 0, done.stdout


def test_the_first_commit_of_a_repository_is_checked_too(hooked: Hooked, tmp_path: Path) -> None:
    fresh = tmp_path / "fresh"
    shutil.copytree(hooked.folder, fresh)
    shutil.rmtree(fresh / ".git")
    write(fresh, SERVICE)
    new = Hooked(fresh, hooked.environment)
    new.git("init", "-q")
    shutil.copytree(hooked.folder / ".git" / "hooks", fresh / ".git" / "hooks", dirs_exist_ok=True)
    new.git("add", "-A")
    done = new.git("commit", "-m", "first")
    assert done.returncode == 1, done.stdout
    assert "AG0901" in done.stdout


def test_a_commit_that_adds_a_secret_is_stopped_and_the_secret_is_not_shown(hooked: Hooked) -> None:
    password = "-".join(("Kx82", "vLqp", "77Rz"))
    compose = f"services:\n  db:\n    environment:\n      DB_PASSWORD: {password}\n"
    done = hooked.commit({"deploy/compose.yaml": compose})
    assert done.returncode == 1, done.stdout
    assert "deploy/compose.yaml:4" in done.stdout
    assert password not in done.stdout


@pytest.mark.parametrize("hook", DECLARED, ids=[str(hook["id"]) for hook in DECLARED])
def test_every_hook_calls_a_command_that_there_is(
    hook: dict[str, object], capfd: pytest.CaptureFixture[str]
) -> None:
    program, *arguments = str(hook["entry"]).split()
    assert program == "archguard"
    assert call(capfd, *arguments, "--help").status == 0
    assert hook["pass_filenames"] is False
    assert hook["require_serial"] is True


def test_a_push_is_checked_for_what_its_commits_add(hooked: Hooked, tmp_path: Path) -> None:
    remote = tmp_path / "remote.git"
    hooked.git("init", "-q", "--bare", str(remote))
    hooked.git("remote", "add", "origin", str(remote))
    assert hooked.git("push", "origin", "HEAD:main").returncode == 0
    write(hooked.folder, {"app/prices.py": PRICES})
    hooked.git("add", "-A")
    hooked.git("commit", "--no-verify", "-m", "unseen")
    done = hooked.git("push", "origin", "HEAD:main")
    assert done.returncode != 0
    assert "AG0901" in done.stdout
    hooked.git("reset", "-q", "--hard", "HEAD~1")
    hooked.git("commit", "-q", "--no-verify", "--allow-empty", "-m", "nothing")
    done = hooked.git("push", "origin", "HEAD:main")
    assert done.returncode == 0, done.stdout


def test_the_default_hook_is_light_to_install(hooked: Hooked) -> None:
    home = Path(hooked.environment["HOME"])
    packages = [path for path in home.rglob("site-packages") if any(path.glob("archguard*"))]
    assert packages
    ours = ("pip", "setuptools", "wheel", "pip-*", "setuptools-*", "wheel-*")
    bare = {path for pattern in ours for folder in packages for path in folder.glob(pattern)}
    for folder in packages:
        size = sum(
            file.stat().st_size
            for file in folder.rglob("*")
            if file.is_file() and not bare.intersection(file.parents)
        )
        assert size < INSTALLED_LIMIT, f"{size:,}"
