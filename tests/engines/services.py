"""A service in which every engine finds something, and planted values that nobody may repeat."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from archguard.config.settings import Settings
from archguard.discover.snapshots import open_worktree
from archguard.engines.adapter import Collected
from archguard.engines.running import Wanted, running

VALUES = {
    "password": "Tr0ub4dor-and-3-zebras",
    "token": "ghp_" + "a1B2c3D4e5F6g7H8i9J0" + "k1L2m3N4o5P6q7R8",
    "aws": "AKIA" + "QY3NPLMKJ7HGFD2Z",
    "dsn": "s3cr3t-dsn-passphrase",
}
"""Secrets, put together so that this file holds none itself."""

MAIN = f"""import os
import subprocess

import requests
import yaml

DATABASE_PASSWORD = "{VALUES["password"]}"
GITHUB = "{VALUES["token"]}"
AWS_KEY_ID = "{VALUES["aws"]}"
DSN = "postgresql://app:{VALUES["dsn"]}@db:5432/app"


def load(text, known={{}}):
    return yaml.load(text, Loader=yaml.Loader)


def run(command):
    return subprocess.run(command, shell=True)


def login(password="{VALUES["password"]}"):
    connect(password="{VALUES["password"]}")
    try:
        return undefined_name
    except Exception:
        pass


def connect(password):
    requests.get("https://example.org/" + password)
"""

MIGRATION = """CREATE INDEX by_name ON users (name);
ALTER TABLE users RENAME COLUMN name TO title;
"""

SERVICE = {
    "app/__init__.py": "",
    "app/main.py": MAIN,
    "tests/test_main.py": "def test_it():\n    eval('1')\n",
    "migrations/001.sql": MIGRATION,
    "config/settings.yml": f"url: postgresql://app:{VALUES['dsn']}@db:5432/app\n",
}


def write(folder: Path, files: dict[str, str]) -> Path:
    """Writes files below a folder."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def collected(folder: Path, *names: str, cache: Path | None = None) -> Collected:
    """What the engines find in a folder; each is asked for by name."""
    sources = open_worktree(folder, "", Settings())
    with running(Wanted(dict.fromkeys(names, True), sources, folder, cache=cache)) as engines:
        return engines.finish()


def found(result: Collected) -> set[tuple[str, str, int]]:
    """The hits as code, path and line."""
    return {(hit.code, hit.path, hit.place.line) for _, hit in result.hits}


def executable(folder: Path, name: str, script: str) -> Path:
    """A program in a folder of its own, for the PATH."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def on_path(folder: Path) -> str:
    """A PATH that begins with a folder."""
    return f"{folder}{os.pathsep}{os.environ['PATH']}"
