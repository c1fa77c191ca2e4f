from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import archguard
from archguard.config.settings import Settings
from archguard.discover.git import WORKTREE, commit_of, renames
from archguard.discover.process import GitError
from archguard.discover.snapshots import Snapshot, open_commit, open_index, open_worktree, reader_of

if TYPE_CHECKING:
    from tests.discover.conftest import Repo

NONE = Settings()


def names(snapshot: Snapshot) -> list[str]:
    return [file.path for file in snapshot.files]


def digests(snapshot: Snapshot) -> dict[str, str]:
    return {file.path: file.digest for file in snapshot.files}


def test_the_three_snapshots_of_the_same_content_are_equal(repo: Repo) -> None:
    repo.commit(
        {"app/main.py": "x = 1\n", "app/__init__.py": "", "db/a.sql": "select 1;\n", "README.md": "r"}
    )
    snapshots: list[Snapshot] = [
        open_worktree(repo.top, "", NONE),
        open_index(repo.top, "", NONE),
        open_commit(repo.top, "HEAD", "", NONE),
    ]
    assert len({snapshot.files for snapshot in snapshots}) == 1
    assert names(snapshots[0]) == ["app/__init__.py", "app/main.py", "db/a.sql"]
    assert snapshots[0].files[1].digest == repo.git("rev-parse", "HEAD:app/main.py")
    for snapshot in snapshots:
        assert snapshot.read("app/main.py") == b"x = 1\n"
        assert snapshot.read("README.md") == b"r"
        assert snapshot.paths == ("README.md", "app/__init__.py", "app/main.py", "db/a.sql")
        assert snapshot.notes == ()


def test_a_partly_staged_file_is_read_as_staged_and_as_it_is_on_disk(repo: Repo) -> None:
    repo.commit({"a.py": "one = 1\n"})
    repo.write({"a.py": "two = 2\n"})
    repo.git("add", "a.py")
    repo.write({"a.py": "three = 3\n", "new.py": ""})
    assert open_commit(repo.top, "HEAD", "", NONE).read("a.py") == b"one = 1\n"
    assert open_index(repo.top, "", NONE).read("a.py") == b"two = 2\n"
    assert open_worktree(repo.top, "", NONE).read("a.py") == b"three = 3\n"
    assert names(open_index(repo.top, "", NONE)) == ["a.py"]
    assert names(open_worktree(repo.top, "", NONE)) == ["a.py", "new.py"]


def test_a_hook_is_shown_the_index_it_was_given(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    """``git commit PATH`` commits from an index of its own, which the hook finds in the environment."""
    repo.commit({"a.py": "one = 1\n"})
    repo.write({"a.py": "two = 2\n"})
    (repo.top / ".git/next.lock").write_bytes((repo.top / ".git/index").read_bytes())
    repo.git("add", "a.py", GIT_INDEX_FILE=str(repo.top / ".git/next.lock"))
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/next.lock")
    monkeypatch.setenv("GIT_DIR", ".git")
    monkeypatch.chdir(repo.top)
    assert open_index(repo.top, "", NONE).read("a.py") == b"two = 2\n"
    monkeypatch.delenv("GIT_INDEX_FILE")
    assert open_index(repo.top, "", NONE).read("a.py") == b"one = 1\n"


def test_a_real_hook_sees_what_is_committed(repo: Repo) -> None:
    repo.commit({"a.py": "one = 1\n", "b.py": "one = 1\n"})
    seen = repo.top / ".git/seen"
    script = repo.top / ".git/hook.py"
    script.write_text(
        "from pathlib import Path\n"
        "from archguard.config.settings import Settings\n"
        "from archguard.discover.snapshots import open_index\n"
        "snapshot = open_index(Path.cwd(), '', Settings())\n"
        f"Path({str(seen)!r}).write_bytes(snapshot.read('a.py') + snapshot.read('b.py'))\n"
    )
    hook = repo.top / ".git/hooks/pre-commit"
    source = Path(archguard.__file__).parent.parent
    hook.write_text(f'#!/bin/sh\nPYTHONPATH="{source}" exec "{sys.executable}" "{script}"\n')
    hook.chmod(0o755)
    repo.write({"a.py": "two = 2\n", "b.py": "two = 2\n"})
    repo.git("add", "b.py")
    repo.git("commit", "-q", "a.py", "-m", "only one file")
    assert seen.read_bytes() == b"two = 2\none = 1\n"
    repo.git("commit", "-q", "-a", "-m", "the rest")
    assert seen.read_bytes() == b"two = 2\ntwo = 2\n"


def test_the_environment_of_another_repository_is_ignored(
    repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.commit({"a.py": "one = 1\n"})
    other = type(repo)(tmp_path / "other")
    other.commit({"b.py": ""})
    monkeypatch.setenv("GIT_DIR", str(other.top / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other.top / ".git/index"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other.top))
    monkeypatch.chdir(other.top)
    assert names(open_index(repo.top, "", NONE)) == ["a.py"]
    assert names(open_worktree(repo.top, "", NONE)) == ["a.py"]


def test_ignored_files_are_left_out_unless_named(repo: Repo) -> None:
    repo.commit({".gitignore": "secret/\n*.gen.py\n", "a.py": ""})
    repo.write({"secret/b.py": "", "x.gen.py": "", "secret/sub/c.py": ""})
    assert names(open_worktree(repo.top, "", NONE)) == ["a.py"]
    assert names(open_worktree(repo.top, "", NONE, ["x.gen.py", "a.py"])) == ["a.py", "x.gen.py"]
    assert names(open_worktree(repo.top, "", NONE, ["secret"])) == ["a.py", "secret/b.py", "secret/sub/c.py"]


def test_a_virtual_environment_that_nobody_ignores_is_left_out(repo: Repo) -> None:
    repo.write({"a.py": "", ".venv/lib/b.py": "", "mine/pyvenv.cfg": "", "mine/lib/c.py": ""})
    assert names(open_worktree(repo.top, "", NONE)) == ["a.py"]


def test_a_folder_without_git_is_walked(tmp_path: Path) -> None:
    for path in ("app/a.py", "build/b.py", "node_modules/c.py", "app/__pycache__/d.py", ".tox/e.py", "f.sql"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("x = 1\n")
    assert names(open_worktree(tmp_path, "", NONE)) == ["app/a.py", "f.sql"]
    assert names(open_worktree(tmp_path, "app", NONE)) == ["app/a.py"]
    assert names(open_worktree(tmp_path, "app/a.py", NONE)) == ["app/a.py"]


def test_without_a_usable_git_the_worktree_is_read_and_says_so(
    repo: Repo, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    repo.commit({"a.py": ""})
    monkeypatch.setenv("PATH", str(tmp_path))
    snapshot = open_worktree(repo.top, "", NONE)
    assert names(snapshot) == ["a.py"]
    assert "git is not installed" in snapshot.notes[0].reason
    with pytest.raises(GitError, match="git is not installed"):
        open_index(repo.top, "", NONE)


def test_only_what_is_below_the_target_is_listed_and_anything_of_the_snapshot_can_be_read(repo: Repo) -> None:
    repo.commit({"api/a.py": "", "web/b.py": "", "pyproject.toml": "[project]\n"})
    snapshots: list[Snapshot] = [
        open_worktree(repo.top, "api", NONE),
        open_index(repo.top, "api", NONE),
        open_commit(repo.top, "HEAD", "api", NONE),
    ]
    for snapshot in snapshots:
        assert names(snapshot) == ["api/a.py"]
        assert snapshot.paths == ("api/a.py",)
        assert snapshot.read("pyproject.toml") == b"[project]\n"


def test_names_of_every_kind_are_read(repo: Repo) -> None:
    odd = ["a b.py", "naïve/ß.py", 'quo"te.py', "new\nline.py", "tab\t.py", "*.py", ":(top)x.py", "-n.py"]
    repo.commit({name: f"n = {index}\n" for index, name in enumerate(odd)})
    snapshots: list[Snapshot] = [
        open_worktree(repo.top, "", NONE),
        open_index(repo.top, "", NONE),
        open_commit(repo.top, "HEAD", "", NONE),
    ]
    for snapshot in snapshots:
        assert names(snapshot) == sorted(odd)
        assert [snapshot.read(name) for name in odd] == [b"n = %d\n" % i for i in range(len(odd))]


def test_a_name_that_is_not_utf8_is_left_out_and_said(repo: Repo) -> None:
    repo.write({"a.py": ""})
    with open(os.path.join(os.fsencode(repo.top), b"b\xff.py"), "wb"):
        pass
    repo.commit()
    snapshots: list[Snapshot] = [open_worktree(repo.top, "", NONE), open_commit(repo.top, "HEAD", "", NONE)]
    for snapshot in snapshots:
        assert names(snapshot) == ["a.py"]
        assert [(note.subject, note.reason) for note in snapshot.notes] == [
            ("b\\xff.py", "its name is not UTF-8")
        ]


def test_links_are_read_through_only_inside_and_loops_end(repo: Repo, tmp_path: Path) -> None:
    outside = tmp_path / "outside.py"
    outside.write_text("password = 1\n")
    repo.write({"real/a.py": "x = 1\n"})
    for name, aim in {
        "link.py": "real/a.py",
        "loop.py": "loop2.py",
        "loop2.py": "loop.py",
        "out.py": str(outside),
        "folder": "real",
        "up": "..",
        "real/again": ".",
    }.items():
        (repo.top / name).symlink_to(aim)
    repo.commit()
    snapshots: list[Snapshot] = [
        open_worktree(repo.top, "", NONE),
        open_index(repo.top, "", NONE),
        open_commit(repo.top, "HEAD", "", NONE),
    ]
    for snapshot in snapshots:
        assert names(snapshot) == ["real/a.py"]
        assert snapshot.read("link.py") == b"x = 1\n"
        for path in ("loop.py", "out.py", "missing.py", "up/outside.py", "../outside.py", str(outside), ""):
            with pytest.raises(FileNotFoundError):
                snapshot.read(path)


def test_a_tracked_folder_replaced_by_a_link_is_not_followed(repo: Repo, tmp_path: Path) -> None:
    repo.commit({"app/a.py": "x = 1\n"})
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/a.py").write_text("password = 1\n")
    (repo.top / "app/a.py").unlink()
    (repo.top / "app").rmdir()
    (repo.top / "app").symlink_to(tmp_path / "elsewhere")
    snapshot = open_worktree(repo.top, "", NONE)
    assert snapshot.files == ()


def test_a_pipe_is_not_waited_for(repo: Repo) -> None:
    repo.write({"a.py": ""})
    os.mkfifo(repo.top / "b.py")
    assert names(open_worktree(repo.top, "", NONE)) == ["a.py"]
    with pytest.raises(FileNotFoundError):
        open_worktree(repo.top, "", NONE).read("b.py")


def test_a_submodule_and_a_nested_repository_are_skipped_and_said(repo: Repo, tmp_path: Path) -> None:
    library = type(repo)(tmp_path / "library")
    library.commit({"lib.py": ""})
    repo.write({"a.py": ""})
    repo.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(library.top), "libs/sub")
    repo.commit()
    type(repo)(repo.top / "nested").commit({"n.py": ""})
    worktree = open_worktree(repo.top, "", NONE)
    assert names(worktree) == ["a.py"]
    assert [note.subject for note in worktree.notes] == ["libs/sub", "nested"]
    snapshots: list[Snapshot] = [open_index(repo.top, "", NONE), open_commit(repo.top, "HEAD", "", NONE)]
    for snapshot in snapshots:
        assert names(snapshot) == ["a.py"]
        assert [note.subject for note in snapshot.notes] == ["libs/sub"]


def test_excluded_paths_are_no_source_but_can_be_read(repo: Repo) -> None:
    repo.commit({"a.py": "", "old/b.py": "old\n"})
    settings = Settings(exclude=("old",))
    snapshots: list[Snapshot] = [
        open_worktree(repo.top, "", settings, ["old/b.py"]),
        open_index(repo.top, "", settings),
        open_commit(repo.top, "HEAD", "", settings),
    ]
    for snapshot in snapshots:
        assert names(snapshot) == ["a.py"]
        assert snapshot.read("old/b.py") == b"old\n"


def test_a_file_deleted_from_disk_only_is_in_the_index_only(repo: Repo) -> None:
    repo.commit({"a.py": "", "b.py": ""})
    (repo.top / "b.py").unlink()
    assert names(open_worktree(repo.top, "", NONE)) == ["a.py"]
    assert names(open_index(repo.top, "", NONE)) == ["a.py", "b.py"]


def test_a_dump_is_not_read_and_said(repo: Repo) -> None:
    repo.commit({"a.sql": "select 1;\n", "dump.sql": b"-" * 8_000_001})
    snapshots: list[Snapshot] = [
        open_worktree(repo.top, "", NONE),
        open_index(repo.top, "", NONE),
        open_commit(repo.top, "HEAD", "", NONE),
    ]
    for snapshot in snapshots:
        assert names(snapshot) == ["a.sql"]
        assert [(note.subject, note.reason) for note in snapshot.notes] == [("dump.sql", "larger than 8 MB")]


def test_of_a_conflict_our_side_is_staged(repo: Repo) -> None:
    repo.commit({"a.py": "base = 0\n"})
    repo.git("checkout", "-q", "-b", "other")
    repo.commit({"a.py": "theirs = 1\n"})
    repo.git("checkout", "-q", "main")
    repo.commit({"a.py": "ours = 2\n"})
    with pytest.raises(AssertionError):
        repo.git("merge", "other")
    snapshot = open_index(repo.top, "", NONE)
    assert snapshot.read("a.py") == b"ours = 2\n"
    assert snapshot.notes[0].reason == "in conflict: our side is read"
    assert names(open_worktree(repo.top, "", NONE)) == ["a.py"]


def test_an_empty_repository_has_an_empty_index_and_no_commit(repo: Repo) -> None:
    assert open_index(repo.top, "", NONE).files == ()
    assert open_worktree(repo.top, "", NONE).files == ()
    with pytest.raises(GitError, match="no commit is called 'HEAD'"):
        open_commit(repo.top, "HEAD", "", NONE)


def test_a_linked_worktree_is_a_worktree(repo: Repo, tmp_path: Path) -> None:
    repo.commit({"a.py": "x = 1\n"})
    repo.git("worktree", "add", "-q", "-b", "side", str(tmp_path / "side"))
    (tmp_path / "side/b.py").write_text("")
    assert names(open_worktree(tmp_path / "side", "", NONE)) == ["a.py", "b.py"]
    assert names(open_index(tmp_path / "side", "", NONE)) == ["a.py"]


def test_a_configured_program_is_never_run(repo: Repo, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {ran}\ncat\n")
    program.chmod(0o755)
    repo.commit({"a.py": "x = 1\n", ".gitattributes": "*.py filter=evil diff=evil\n"})
    for key in ("core.fsmonitor", "filter.evil.clean", "filter.evil.smudge", "filter.evil.process"):
        repo.git("config", key, str(program))
    for key in ("diff.external", "diff.evil.textconv", "diff.evil.command", "core.pager"):
        repo.git("config", key, str(program))
    repo.write({"a.py": "x = 2\n"})
    for snapshot in (open_worktree(repo.top, "", NONE), open_index(repo.top, "", NONE)):
        snapshot.read("a.py")
    open_commit(repo.top, "HEAD", "", NONE).read("a.py")
    commit_of(repo.top)
    renames(repo.top, "HEAD", WORKTREE)
    assert not ran.exists()


def test_two_reads_of_one_run_give_the_same_bytes(repo: Repo) -> None:
    repo.commit({"a.py": "x = 1\n"})
    snapshot = open_worktree(repo.top, "", NONE)
    repo.write({"a.py": "x = 2\n"})
    assert snapshot.read("a.py") == b"x = 1\n"
    assert digests(snapshot)["a.py"] == repo.git("rev-parse", "HEAD:a.py")


def test_a_missing_object_is_one_clear_line(repo: Repo) -> None:
    repo.commit({"a.py": "x = 1\n"})
    blob = repo.git("rev-parse", "HEAD:a.py")
    (repo.top / ".git/objects" / blob[:2] / blob[2:]).unlink()
    snapshot = open_index(repo.top, "", NONE)
    with pytest.raises(GitError, match="is missing"):
        snapshot.read("a.py")


def test_single_files_are_read_without_a_listing(repo: Repo) -> None:
    repo.commit({"a/pyproject.toml": "one"})
    repo.write({"a/pyproject.toml": "two"})
    repo.git("add", ".")
    repo.write({"a/pyproject.toml": "three"})
    for snapshot, expected in (("HEAD", b"one"), ("index", b"two"), ("worktree", b"three")):
        read = reader_of(repo.top, snapshot)
        assert read("a/pyproject.toml") == expected
        for path in ("a", "missing.toml", "../x", "/etc/passwd", "a\nb", "", "a/pyproject.toml/x"):
            with pytest.raises(FileNotFoundError):
                read(path)
        assert read("a/pyproject.toml") == expected
    with pytest.raises(GitError, match="no commit is called"):
        reader_of(repo.top, "nothing")


def test_a_partial_clone_is_not_completed_over_the_network(repo: Repo, tmp_path: Path) -> None:
    repo.git("config", "uploadpack.allowFilter", "true")
    repo.commit({"a.py": "x = 1\n", "logo.png": "p"})
    partial = tmp_path / "partial"
    repo.git("clone", "-q", "--filter=blob:none", "--no-checkout", f"file://{repo.top}", str(partial))
    snapshot = open_commit(partial, "HEAD", "", NONE)
    assert names(snapshot) == ["a.py"]
    with pytest.raises(GitError, match="is missing"):
        snapshot.read("a.py")


def test_a_repository_of_longer_hashes_is_read(tmp_path: Path, repo: Repo) -> None:
    repo.git("init", "-q", "--object-format=sha256", "-b", "main", str(tmp_path / "long"))
    other = type(repo)(tmp_path / "long")
    other.commit({"a.py": "x = 1\n"})
    for snapshot in (open_index(other.top, "", NONE), open_commit(other.top, "main", "", NONE)):
        assert snapshot.read("a.py") == b"x = 1\n"
        assert len(digests(snapshot)["a.py"]) == 64
    assert names(open_worktree(other.top, "", NONE)) == ["a.py"]
