"""The command as its users call it, in this process; and a small service to call it on."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest

from archguard.cli.main import main

BLOCKING = """import time

from fastapi import FastAPI

from app import prices

app = FastAPI()


@app.get("/prices/{symbol}")
async def price(symbol: str):
    return prices.latest(symbol)
"""
PRICES = """import time


def latest(symbol: str) -> float:
    time.sleep(1)
    return 1.0
"""
SERVICE = {
    "app/__init__.py": "",
    "app/main.py": BLOCKING,
    "app/prices.py": PRICES,
    "app/other.py": "X = 1\n",
}
CLEAN = {**SERVICE, "app/prices.py": "def latest(symbol: str) -> float:\n    return 1.0\n"}


class Outcome(NamedTuple):
    """What a call left behind."""

    status: int
    out: str
    err: str


def call(capfd: pytest.CaptureFixture[str], *arguments: object) -> Outcome:
    """Calls archguard; also what the process itself wrote is captured."""
    with pytest.raises(SystemExit) as exited:
        main([str(argument) for argument in arguments])
    captured = capfd.readouterr()
    return Outcome(int(str(exited.value.code)), captured.out, captured.err)


def write(folder: Path, files: dict[str, str]) -> Path:
    """Writes files below a folder."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def git(folder: Path, *arguments: str) -> None:
    """Runs git, as somebody."""
    who = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"]
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


def repository(folder: Path, files: dict[str, str]) -> Path:
    """A repository with one commit of these files."""
    write(folder, files)
    git(folder, "init")
    git(folder, "add", "-A")
    git(folder, "commit", "-m", "one")
    return folder
