"""Files besides Python and SQL in which secrets may be: which are read, and which of them git keeps."""

from __future__ import annotations

from pathlib import Path

import pytest

from archguard.config.settings import Settings
from archguard.discover.roles import kind_of
from archguard.discover.snapshots import open_commit, open_index, open_worktree
from archguard.model.sources import SourceFile
from tests.support.command_line import git, repository, write


@pytest.mark.parametrize(
    ("kind", "paths"),
    [
        ("env", ".env app/.env .env.production .env.example prod.env .envrc .flaskenv"),
        ("config", "a.yml docker-compose.yaml a.ini setup.cfg nginx.conf a.properties run.sh Dockerfile"),
        ("config", "Dockerfile.prod web.dockerfile Containerfile .npmrc .netrc .aws/credentials"),
        ("script", "a.json pyproject.toml main.tf prod.tfvars src/app.ts App.vue index.js a.jsx"),
        ("python", "env.py settings.py"),
        ("other", "README.md a.png .env.d.ts env.d.ts environment noenv yarn.lock"),
        ("other", "package-lock.json pnpm-lock.yaml a.min.js app.bundle.js web/locales/en.json i18n/de.yml"),
        ("other", "node_modules/a/index.js"),
    ],
)
def test_what_kind_a_file_is(kind: str, paths: str) -> None:
    assert {path: kind_of(path) for path in paths.split()} == dict.fromkeys(paths.split(), kind)


def test_each_snapshot_knows_what_git_keeps(tmp_path: Path) -> None:
    repository(tmp_path, {".env": "A=1\n", ".gitignore": "*.local\n"})
    write(tmp_path, {".env.production": "A=1\n", "b.env": "A=1\n", "secrets.env.local": "A=1\n"})
    git(tmp_path, "add", "b.env")

    def tracked(files: tuple[SourceFile, ...]) -> dict[str, bool]:
        return {file.path: file.tracked for file in files}

    settings = Settings()
    everything = {".env": True, ".env.production": False, "b.env": True}
    assert tracked(open_worktree(tmp_path, "", settings).files) == everything
    assert tracked(open_index(tmp_path, "", settings).files) == {".env": True, "b.env": True}
    assert tracked(open_commit(tmp_path, "HEAD", "", settings).files) == {".env": True}


def test_where_git_has_no_say_nothing_is_kept(tmp_path: Path) -> None:
    write(tmp_path, {"app/.env": "A=1\n"})
    assert [file.tracked for file in open_worktree(tmp_path, "", Settings()).files] == [False]
