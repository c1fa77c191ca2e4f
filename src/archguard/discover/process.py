"""Running git: plumbing only, without the network, a pager or programs that a repository configures."""

from __future__ import annotations

import os
import subprocess
from functools import lru_cache
from pathlib import Path

import msgspec

TIME_LIMIT = 60.0
"""Seconds that one git command may take."""

_SETTINGS = (
    "core.fsmonitor=false",
    "core.quotePath=off",
    "diff.renameLimit=10000",
    "protocol.allow=never",
)

_FIXED = {
    "LC_ALL": "C",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_PAGER": "cat",
    "GIT_TERMINAL_PROMPT": "0",
}

_OBJECT_VARIABLES = ("GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_QUARANTINE_PATH")


class GitError(Exception):
    """Git could not answer; the message is one line for people."""


class Answer(msgspec.Struct, frozen=True):
    """What a git command printed, and its exit status."""

    status: int
    out: bytes
    err: bytes

    def reason(self) -> str:
        """What git says is wrong, as one line."""
        lines = [line.strip() for line in self.err.decode("utf-8", "replace").splitlines() if line.strip()]
        fatal = [line for line in lines if line.startswith(("fatal: ", "error: "))]
        first = next(iter((*fatal, *lines)), f"status {self.status}")
        return first.removeprefix("fatal: ").removeprefix("error: ")


def git(top: Path, *arguments: str, stdin: bytes = b"") -> bytes:
    """What one command prints; GitError where it fails."""
    (answer,) = git_all(top, arguments, stdin=stdin)
    if answer.status:
        raise GitError(f"git {arguments[0]}: {answer.reason()}")
    return answer.out


def git_all(top: Path, *commands: tuple[str, ...], stdin: bytes = b"") -> list[Answer]:
    """The answers of several commands that run at the same time; a failed one is an answer too."""
    processes: list[subprocess.Popen[bytes]] = []
    try:
        processes.extend(start(top, command, piped=bool(stdin)) for command in commands)
        return [_finish(process, stdin) for process in processes]
    finally:
        for process in processes:
            if process.poll() is None:
                process.kill()
                process.communicate()


def start(top: Path, command: tuple[str, ...], piped: bool) -> subprocess.Popen[bytes]:
    """Start a git command in the repository at ``top``."""
    settings = [word for setting in (*_SETTINGS, *_silenced(top, command)) for word in ("-c", setting)]
    try:
        return subprocess.Popen(
            ["git", "--no-pager", "-C", os.fspath(top), *settings, *command],
            stdin=subprocess.PIPE if piped else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment(top),
        )
    except FileNotFoundError:
        raise GitError("git is not installed") from None
    except (OSError, ValueError) as error:
        raise GitError(f"git cannot be started: {error}") from None


def _finish(process: subprocess.Popen[bytes], stdin: bytes) -> Answer:
    try:
        out, err = process.communicate(stdin or None, TIME_LIMIT)
    except subprocess.TimeoutExpired:
        raise GitError(f"git did not answer within {TIME_LIMIT:.0f} seconds") from None
    return Answer(process.returncode, out, err)


# --- what a repository may not make git do --------------------------------------------------------


def _silenced(top: Path, command: tuple[str, ...]) -> tuple[str, ...]:
    """Settings that switch off content filters, for the commands that look at the worktree."""
    if command[0] not in {"diff-index", "diff-files"}:
        return ()
    return tuple(
        setting
        for name in filters(top)
        for setting in (f"filter.{name}.clean=", f"filter.{name}.process=", f"filter.{name}.required=false")
    )


def filters(top: Path) -> tuple[str, ...]:
    """The content filters that any configuration names (a filter is a program)."""
    keys = (key for key, _ in configured(top) if key.startswith("filter."))
    names = {key.partition(".")[2].rpartition(".")[0] for key in keys}
    return tuple(sorted(name for name in names if name and "=" not in name))


@lru_cache(maxsize=8)
def configured(top: Path) -> tuple[tuple[str, str], ...]:
    """What git's configuration says of filters and remotes, as keys and values, asked once."""
    (answer,) = git_all(top, ("config", "-z", "--get-regexp", r"^(filter\..*|remote\..*\.url)$"))
    entries = answer.out.decode("utf-8", "replace").split("\0")
    return tuple((key, value) for key, _, value in (entry.partition("\n") for entry in entries) if key)


# --- the environment ------------------------------------------------------------------------------


def environment(top: Path) -> dict[str, str]:
    """The environment for git: what a hook set for another repository is left out.

    A hook's own index (``git commit -a`` and ``git commit PATH`` write one beside the usual) is kept
    where it is this repository's, and so are the new objects that a push brings.
    """
    own = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    kept = {name: value for name, value in os.environ.items() if name.startswith("GIT_CONFIG")}
    kept.pop("GIT_CONFIG", None)
    return {**own, **kept, **_hook_variables(top), **_FIXED}


def _hook_variables(top: Path) -> dict[str, str]:
    folder = common_dir(top)
    if folder is None:
        return {}
    index = os.environ.get("GIT_INDEX_FILE", "")
    kept = {"GIT_INDEX_FILE": _absolute(index, top)} if index else {}
    for name in _OBJECT_VARIABLES:
        if os.environ.get(name):
            kept[name] = _absolute(os.environ[name], top)
    return {name: value for name, value in kept.items() if _inside(value, folder) or _same_repository(top)}


def _absolute(value: str, top: Path) -> str:
    """A hook's relative path counts from the top level, where git starts hooks."""
    return os.path.join(top, value)


def _inside(path: str, folder: Path) -> bool:
    return os.path.realpath(path).startswith(os.path.realpath(folder) + os.sep)


def _same_repository(top: Path) -> bool:
    """Whether the variables are about this repository: by their GIT_DIR, else by where we run."""
    stated, own = os.environ.get("GIT_DIR"), git_dir(top)
    if stated and own is not None:
        return os.path.realpath(stated) == os.path.realpath(own)
    return not stated and Path.cwd().is_relative_to(os.path.realpath(top))


# --- where a repository is ------------------------------------------------------------------------


def git_dir(top: Path) -> Path | None:
    """The directory that ``.git`` at ``top`` is or points to, or None."""
    marker = top / ".git"
    if (marker / "HEAD").exists() or (marker / "HEAD").is_symlink():
        return marker
    try:
        text = marker.read_text("utf-8", "surrogateescape")[:4096]
    except OSError:
        return None
    return top / text[7:].strip() if text.startswith("gitdir:") else None


def common_dir(top: Path) -> Path | None:
    """The directory that all worktrees of the repository share, or None."""
    own = git_dir(top)
    if own is None:
        return None
    try:
        return own / (own / "commondir").read_text("utf-8", "surrogateescape").strip()
    except OSError:
        return own
