from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archguard.discover.git import (
    INDEX,
    WORKTREE,
    blob_id,
    commit_at,
    commit_of,
    merge_base,
    renames,
    resolve,
    top_of,
    tree_of,
    web_url,
)
from archguard.discover.process import GitError
from archguard.model.run import Commit

if TYPE_CHECKING:
    from pathlib import Path

    from tests.discover.conftest import Repo

CODE = "".join(f"def function_{number}():\n    return {number}\n" for number in range(20))


def test_the_top_of_a_tracked_path_is_gits(repo: Repo) -> None:
    repo.commit({"app/api/a.py": ""})
    for path in (repo.top, repo.top / "app", repo.top / "app/api/a.py"):
        assert top_of(path) == repo.top


def test_a_new_path_that_is_not_ignored_counts_as_tracked(repo: Repo) -> None:
    repo.commit({"a.py": ""})
    repo.write({"new/b.py": ""})
    assert top_of(repo.top / "new") == repo.top


def test_an_ignored_path_and_one_outside_have_no_top(repo: Repo, tmp_path: Path) -> None:
    repo.commit({".gitignore": "vendored/\n"})
    repo.write({"vendored/b.py": ""})
    (tmp_path / "plain").mkdir()
    assert top_of(repo.top / "vendored") is None
    assert top_of(tmp_path / "plain") is None


def test_the_commit_says_when_where_and_on_which_branch(repo: Repo) -> None:
    commit = repo.commit({"a.py": ""})
    repo.git("remote", "add", "origin", "https://user:secret@git.example.org/group/project.git")
    expected = Commit(
        hash=commit,
        branch="main",
        date="2026-02-03T04:05:06+01:30",
        url="https://git.example.org/group/project",
    )
    assert commit_of(repo.top) == expected
    assert commit_at(repo.top, "main") == Commit(commit, "", expected.date, expected.url)


def test_a_detached_head_has_no_branch_and_a_new_repository_no_commit(repo: Repo, tmp_path: Path) -> None:
    assert commit_of(repo.top) == Commit(branch="main")
    repo.commit({"a.py": ""})
    repo.git("checkout", "-q", "--detach")
    assert commit_of(repo.top).branch == ""
    assert commit_of(tmp_path) == Commit()


def test_a_changed_tracked_file_is_dirty_and_a_touched_one_is_not(repo: Repo) -> None:
    repo.commit({"a.py": "x = 1\n", "b.py": ""})
    (repo.top / "a.py").touch()
    assert not commit_of(repo.top).dirty
    repo.write({"a.py": "x = 2\n"})
    assert commit_of(repo.top).dirty
    repo.git("add", "a.py")
    assert commit_of(repo.top).dirty
    repo.commit()
    (repo.top / "b.py").unlink()
    assert commit_of(repo.top).dirty


def test_refs_resolve_and_unknown_ones_are_one_clear_line(repo: Repo) -> None:
    first = repo.commit({"a.py": ""})
    second = repo.commit({"b.py": ""})
    repo.git("tag", "-a", "v1", "-m", "v1", first)
    assert resolve(repo.top, "HEAD") == second
    assert resolve(repo.top, "HEAD~1") == resolve(repo.top, "v1") == resolve(repo.top, first[:10]) == first
    assert tree_of(repo.top, "v1") == repo.git("rev-parse", "v1^{tree}")
    for bad in ("nothing", "", "-h", "--git-dir", "a b", "HEAD~9", "HEAD:b.py", "x\0y", "HEAD..v1"):
        with pytest.raises(GitError) as caught:
            resolve(repo.top, bad)
        assert "\n" not in str(caught.value)


def test_a_shallow_clone_says_why_a_commit_is_missing(repo: Repo, tmp_path: Path) -> None:
    first = repo.commit({"a.py": "1"})
    repo.commit({"a.py": "2"})
    repo.git("clone", "-q", "--depth=1", f"file://{repo.top}", str(tmp_path / "shallow"))
    for ref in (first, "HEAD~1"):
        with pytest.raises(GitError, match="shallow"):
            resolve(tmp_path / "shallow", ref)


def test_the_merge_base_is_where_the_branches_part(repo: Repo) -> None:
    base = repo.commit({"a.py": ""})
    repo.git("checkout", "-q", "-b", "side")
    repo.commit({"b.py": ""})
    repo.git("checkout", "-q", "main")
    repo.commit({"c.py": ""})
    assert merge_base(repo.top, "main", "side") == base
    repo.git("checkout", "-q", "--orphan", "alone")
    repo.commit({"d.py": ""})
    with pytest.raises(GitError, match="no commit in common"):
        merge_base(repo.top, "main", "alone")


def test_renames_are_found_between_commits_the_index_and_the_worktree(repo: Repo) -> None:
    first = repo.commit({"old name.py": CODE, "kept.py": CODE.replace("function", "other")})
    repo.git("mv", "old name.py", "new\nname.py")
    repo.write({"new\nname.py": CODE + "x = 1\n"})
    expected = {"new\nname.py": "old name.py"}
    assert renames(repo.top, first, INDEX) == expected
    assert renames(repo.top, first, WORKTREE) == renames(repo.top, first, "") == expected
    second = repo.commit()
    assert renames(repo.top, first, second) == expected
    assert renames(repo.top, second, "HEAD") == {}


def test_a_move_that_git_was_not_told_of_is_found_by_its_content(repo: Repo) -> None:
    repo.commit({"a.py": CODE, "b.py": ""})
    (repo.top / "a.py").rename(repo.top / "c.py")
    assert renames(repo.top, "HEAD", WORKTREE) == {"c.py": "a.py"}


@pytest.mark.parametrize(
    ("remote", "url"),
    [
        ("https://github.com/o/r.git", "https://github.com/o/r"),
        ("https://token@github.com/o/r", "https://github.com/o/r"),
        ("https://user:p@ss@github.com/o/r.git", "https://github.com/o/r"),
        ("http://git.local:8080/o/r.git", "http://git.local:8080/o/r"),
        ("git@github.com:o/r.git", "https://github.com/o/r"),
        ("ssh://git@host:2222/o/r.git", "https://host/o/r"),
        ("https://github.com/o/r.git?token=abc", "https://github.com/o/r"),
        ("/srv/git/r.git", ""),
        ("../r.git", ""),
        ("file:///srv/r.git", ""),
        ("C:/git/r.git", ""),
        ("", ""),
    ],
)
def test_the_web_address_of_a_remote_has_no_credentials(remote: str, url: str) -> None:
    assert web_url(remote) == url


@given(
    st.from_regex(r"[a-z]+://\w+:S3CRET[\w@:]*@[a-z.]+/[a-z]+/[a-z]+(\.git)?", fullmatch=True)
    | st.from_regex(r"\w+:S3CRET\w*@[a-z.]+:[a-z]+/[a-z]+", fullmatch=True)
)
def test_no_password_survives_in_a_web_address(remote: str) -> None:
    assert "S3CRET" not in web_url(remote)


@given(st.binary(max_size=200))
def test_a_digest_is_gits_name_of_the_content(content: bytes) -> None:
    assert (
        blob_id(content) == hashlib.sha1(b"blob " + str(len(content)).encode() + b"\0" + content).hexdigest()
    )
