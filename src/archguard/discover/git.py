"""What archguard asks of git: the top level, the assessed commit, refs and renames."""

from __future__ import annotations

import os
import re
from datetime import datetime, timedelta, timezone
from hashlib import sha1
from pathlib import Path
from typing import TYPE_CHECKING

from archguard.discover.process import Answer, GitError, common_dir, configured, git, git_all, git_dir
from archguard.model.run import Commit

if TYPE_CHECKING:
    from collections.abc import Sequence

INDEX = "index"
WORKTREE = "worktree"
"""The two snapshots that are no commit, by their labels."""

_RENAMES = (
    "-r",
    "-z",
    "--raw",
    "--no-abbrev",
    "--find-renames",
    "--diff-filter=RD",
    "--no-ext-diff",
    "--ignore-submodules=all",
)
_WEB = re.compile(r"^(?:https?|ssh|git)://(?:[^/]*@)?(\[[^]]+\]|[^/:@]+)(?::(\d+))?/(.+)$")
_SCP = re.compile(r"^(?:[^@/:]+@)?([^/:]+):(?!/?/)(.+)$")


def top_of(path: Path) -> Path | None:
    """Git's top level where git tracks ``path`` or would (it is not ignored), else None."""
    place = Path(os.path.realpath(path))
    start = place if place.is_dir() else place.parent
    top = next((folder for folder in (start, *start.parents) if git_dir(folder) is not None), None)
    if top is None or top == place:
        return top
    return top if tracked(top, place.relative_to(top).as_posix()) else None


def tracked(top: Path, path: str) -> bool:
    """Whether git tracks something at this path or would; False too where git cannot say."""
    try:
        known = git_all(top, ("ls-files", "-z", "--cached", "--", path))
        if not known[0].out:
            known = git_all(top, ("ls-files", "-z", "--others", "--exclude-standard", "--", path))
    except GitError:
        return False
    return bool(known[0].out)


def resolve(top: Path, ref: str) -> str:
    """The full hash of the commit that ``ref`` names."""
    return _resolve(top, ref, "commit")


def tree_of(top: Path, ref: str) -> str:
    """The hash of a commit's tree: equal trees hold equal files."""
    return _resolve(top, ref, "tree")


def _resolve(top: Path, ref: str, kind: str) -> str:
    if not ref or "\0" in ref:
        raise GitError(f"no commit is called {ref!r}")
    name = f"{ref}^{{{kind}}}"
    (answer,) = git_all(top, ("rev-parse", "--verify", "--quiet", "--end-of-options", name))
    found = answer.out.decode("ascii", "replace").split()
    if answer.status or not found:
        raise GitError(answer.reason() if answer.err else f"no commit is called {ref!r}{_shallow(top)}")
    return found[-1]


def merge_base(top: Path, ours: str, theirs: str) -> str:
    """The newest commit that both refs contain."""
    (answer,) = git_all(top, ("merge-base", resolve(top, ours), resolve(top, theirs)))
    if answer.status or not answer.out:
        raise GitError(f"{ours!r} and {theirs!r} have no commit in common{_shallow(top)}")
    return answer.out.decode("ascii").split()[0]


def _shallow(top: Path) -> str:
    folder = common_dir(top)
    cut = folder is not None and (folder / "shallow").exists()
    return " here (the clone is shallow: fetch more of its history)" if cut else ""


# --- the assessed commit --------------------------------------------------------------------------


def commit_of(path: Path) -> Commit:
    """The commit that is checked out at ``path``; empty fields where git cannot say."""
    top = _holder(path)
    if top is None:
        return Commit()
    try:
        branch, url = _branch(top), _url_of(configured(top))
        head, changed = git_all(
            top,
            ("rev-list", "--max-count=1", "--header", "HEAD", "--"),
            ("diff-index", "-r", "-z", "--raw", "--no-ext-diff", "--ignore-submodules=all", "HEAD", "--"),
        )
    except GitError:
        return Commit()
    if head.status:
        return Commit(branch=branch, url=url)
    hash_, date = _commit_header(head.out)
    return Commit(hash_, branch, date, url, _is_dirty(top, changed))


def commit_at(top: Path, ref: str) -> Commit:
    """The commit that ``ref`` names, as the snapshot of it is described."""
    header = git(top, "rev-list", "--max-count=1", "--header", resolve(top, ref), "--")
    hash_, date = _commit_header(header)
    return Commit(hash_, "", date, _url_of(configured(top)))


def _branch(top: Path) -> str:
    """The branch that HEAD names; git is asked only where a file does not say."""
    own = git_dir(top)
    try:
        text = (own / "HEAD").read_text("utf-8", "replace").strip() if own is not None else ""
    except OSError:
        text = ""
    if text.startswith("ref: refs/heads/") and not text.endswith("/.invalid"):
        return text.removeprefix("ref: refs/heads/")
    (answer,) = git_all(top, ("symbolic-ref", "--quiet", "--short", "HEAD"))
    return answer.out.decode("utf-8", "replace").strip()


def _holder(path: Path) -> Path | None:
    place = Path(os.path.realpath(path))
    return next((folder for folder in (place, *place.parents) if git_dir(folder) is not None), None)


def _commit_header(out: bytes) -> tuple[str, str]:
    """Hash and committer date of a raw commit as ``rev-list --header`` prints it."""
    hash_, _, rest = out.partition(b"\n")
    header = rest.partition(b"\n\n")[0]
    line = next((line for line in header.split(b"\n") if line.startswith(b"committer ")), b"")
    words = line.rsplit(b" ", 2)
    return hash_.decode("ascii"), _iso(words[-2], words[-1]) if len(words) == 3 else ""


def _iso(seconds: bytes, zone: bytes) -> str:
    """``1700000000 +0130`` as ISO 8601; empty for dates that no calendar has."""
    try:
        minutes = int(zone[-4:-2]) * 60 + int(zone[-2:])
        offset = timedelta(minutes=-minutes if zone.startswith(b"-") else minutes)
        return datetime.fromtimestamp(int(seconds), timezone(offset)).isoformat()
    except (ValueError, OverflowError, OSError):
        return ""


def _is_dirty(top: Path, changed: Answer) -> bool:
    """Whether a tracked file differs from HEAD: stat data alone may only be stale, so content decides."""
    if changed.status:
        return True
    fields = changed.out.split(b"\0")
    return any(not _stale_only(top, raw, name) for raw, name in zip(fields[::2], fields[1::2], strict=False))


def _stale_only(top: Path, raw: bytes, name: bytes) -> bool:
    """Whether a raw diff line says "perhaps" (no new hash) of a file whose content is the old one."""
    old_mode, new_mode, old, new, _ = raw.lstrip(b":").split(b" ")
    if new.strip(b"0") or old_mode != new_mode or old_mode == b"120000":
        return False
    try:
        with open(os.path.join(os.fsencode(top), name), "rb") as stream:
            return blob_id(stream.read()).encode() == old
    except OSError:
        return False


def blob_id(content: bytes) -> str:
    """The name git gives to this content, so that worktree, index and commits share cache entries."""
    return sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


# --- the remote's web address ---------------------------------------------------------------------


def _url_of(entries: Sequence[tuple[str, str]]) -> str:
    found: dict[str, str] = {}
    for key, value in entries:
        if key.startswith("remote."):
            found.setdefault(key.removeprefix("remote.").removesuffix(".url"), value)
    name = "origin" if "origin" in found else min(found, default="")
    return web_url(found.get(name, ""))


def web_url(remote: str) -> str:
    """Where a browser finds a remote, without credentials; empty for a local one."""
    remote = remote.strip()
    web, scp = _WEB.match(remote), _SCP.match(remote)
    url = ""
    if web:
        port = f":{web[2]}" if web[2] and remote.startswith("http") else ""
        scheme = "http" if remote.startswith("http://") else "https"
        url = f"{scheme}://{web[1]}{port}/{_project(web[3])}"
    elif scp and "://" not in remote and len(scp[1]) > 1:
        url = f"https://{scp[1]}/{_project(scp[2])}"
    # An odd spelling may have hidden credentials from us; no address is better than theirs.
    return "" if "@" in url else url


def _project(path: str) -> str:
    return re.split(r"[?#]", path, maxsplit=1)[0].strip("/").removesuffix(".git")


# --- renames --------------------------------------------------------------------------------------


def renames(top: Path, old: str, new: str) -> dict[str, str]:
    """New path to old path of the files that moved between two snapshots, as git detects them.

    ``old`` is a commit; ``new`` a commit, `INDEX` or `WORKTREE` (tracked files of it).
    """
    before = resolve(top, old)
    if new in {"", WORKTREE}:
        return _on_disk(top, before)
    if new == INDEX:
        out = git(top, "diff-index", "--cached", *_RENAMES, before, "--")
    else:
        out = git(top, "diff-tree", *_RENAMES, before, resolve(top, new), "--")
    return {after: earlier for after, earlier, _ in _changes(out) if earlier}


def _on_disk(top: Path, before: str) -> dict[str, str]:
    """Renames git was told of, and moves it was not: untracked files with a deleted one's content."""
    changed, others = git_all(
        top,
        ("diff-index", *_RENAMES, before, "--"),
        ("ls-files", "-z", "--others", "--exclude-standard"),
    )
    if changed.status:
        raise GitError(f"git diff-index: {changed.reason()}")
    changes = _changes(changed.out)
    found = {after: earlier for after, earlier, _ in changes if earlier}
    deleted = {oid: path for path, earlier, oid in reversed(changes) if not earlier}
    untracked = (os.fsdecode(name) for name in others.out.split(b"\0") if name) if deleted else ()
    moved = ((path, deleted.get(_id_on_disk(top, path))) for path in untracked)
    return {**found, **{path: earlier for path, earlier in moved if earlier}}


def _changes(out: bytes) -> list[tuple[str, str, str]]:
    """Path, earlier path of a rename (empty for a deletion) and old hash, from ``--raw -z``."""
    changes: list[tuple[str, str, str]] = []
    fields = iter(os.fsdecode(out).split("\0"))
    for raw in fields:
        if not raw:
            break
        oid, status = raw.split(" ")[2], raw.split(" ")[4]
        path = next(fields)
        changes.append((next(fields), path, oid) if status.startswith("R") else (path, "", oid))
    return changes


def _id_on_disk(top: Path, path: str) -> str:
    try:
        return blob_id((top / path).read_bytes()) if not (top / path).is_symlink() else ""
    except OSError:
        return ""
