"""Command lines that start Python processes: which module they run, and the application in it."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_SERVERS = frozenset(("uvicorn", "gunicorn", "hypercorn", "daphne", "granian", "waitress-serve", "robyn"))
_WORKERS = frozenset(("celery", "dramatiq", "taskiq", "arq", "rq", "huey_consumer", "faststream", "flower"))
_PYTHON = re.compile(r"^(python|pypy)[\d.]*$")
_TARGET = re.compile(r"^([^\W\d]\w*(?:\.[^\W\d]\w*)*):([^\W\d][\w.]*)(?:\(.*\))?$")
_MODULE = re.compile(r"^[^\W\d]\w*(\.[^\W\d]\w*)*$")
_NAMED = r"[\w-]*(?:pass|secret|token|key|credential)[\w-]*"
_SECRET = re.compile(rf"""(?i)(--?{_NAMED}[= ]|\b{_NAMED}=)(?!["']?\$)("[^"]*"?|'[^']*'?|\S+)""")
_CREDENTIALS = re.compile(r"://[^/@\s]+@")
_WRAPPERS = frozenset(("run", "exec", "env", "time", "ddtrace-run", "opentelemetry-instrument", "tini"))
_BREAKS = frozenset(("&&", "||", ";", "|", "&"))
_WORKER_CLASSES = frozenset(("uvicorn.workers.UvicornWorker", "uvicorn.workers.UvicornH11Worker"))
_NESTING = 4


class Started(msgspec.Struct, frozen=True):
    """A Python process that a command starts: ``module`` dotted or a file's path, and what is in it."""

    module: str
    application: str = ""
    folder: str = ""


def started(command: str | Sequence[str], scripts: Mapping[str, str]) -> tuple[Started, ...]:
    """The processes of a command line; ``scripts`` are the project's own commands and their targets."""
    words = split(command) if isinstance(command, str) else list(command)
    return tuple(dict.fromkeys(_processes(words, scripts, _NESTING)))


def split(command: str) -> list[str]:
    """A shell's words, separators apart; by spaces alone where the quoting is broken."""
    lexer = shlex.shlex(command, posix=True, punctuation_chars=";&|")
    lexer.whitespace_split = True
    lexer.commenters = ""
    try:
        return list(lexer)
    except ValueError:
        return command.split()


def masked(command: str) -> str:
    """A command as it may be shown: one line, without what looks like a secret."""
    line = " ".join(command.split())
    return _CREDENTIALS.sub("://***@", _SECRET.sub(r"\1***", line))[:300]


def _processes(words: list[str], scripts: Mapping[str, str], depth: int) -> Iterator[Started]:
    for segment in _segments(words):
        nested = [word for word in segment if any(space in word for space in " \t\n")] if depth else []
        found = _process(segment, scripts)
        if found is not None:
            yield found
        else:
            for word in nested:
                yield from _processes(split(word), scripts, depth - 1)


def _segments(words: Iterable[str]) -> list[list[str]]:
    segments: list[list[str]] = [[]]
    for word in words:
        if word in _BREAKS:
            segments.append([])
        else:
            segments[-1].append(word)
    return segments


def _process(words: list[str], scripts: Mapping[str, str]) -> Started | None:
    """What one simple command starts; wrappers (``poetry run``, ``exec``, ``tini --``) are stepped over."""
    for position, word in enumerate(words):
        name, rest = word.rpartition("/")[2], words[position + 1 :]
        if name in _SERVERS:
            return _server(rest)
        if name in _WORKERS:
            return _worker(name, rest)
        if name in {"fastapi", "flask"} and rest:
            return _framework(rest)
        if _PYTHON.match(name):
            return _python(rest, scripts)
        if name in scripts and _leads(words[position - 1 : position]):
            return _target(rest) or Started(scripts[name].partition(":")[0])
    return _target(words)


def _leads(before: Sequence[str]) -> bool:
    """Whether a word behind these is the command itself and not an argument."""
    return all(word in _WRAPPERS or word == "--" or "=" in word for word in before)


def _target(words: list[str], folder: str = "") -> Started | None:
    """The first ``module:application`` among the words."""
    found = next(((match, word) for word in words if (match := _TARGET.match(word))), None)
    return Started(found[0][1], found[1].partition("(")[0], folder) if found else None


def _server(words: list[str]) -> Started | None:
    folder = option(words, "--app-dir") or option(words, "--chdir") or option(words, "--working-dir")
    target = _target(words, folder)
    if target is not None:
        return target
    plain = [word for word in words if _MODULE.match(word) and "." in word and word not in _WORKER_CLASSES]
    return Started(plain[-1], folder=folder) if plain else None


def _worker(name: str, words: list[str]) -> Started | None:
    stated = option(words, "-A") or option(words, "--app")
    if stated:
        return Started(stated.partition(":")[0])
    found = next((word for word in words if _TARGET.match(word) or (_MODULE.match(word) and "." in word)), "")
    module = found.partition(":")[0]
    # arq is given a class, the others a module.
    module = module.rpartition(".")[0] if name == "arq" else module
    return Started(module) if module else None


def _framework(words: list[str]) -> Started | None:
    names = ("--app", "-A", "--entrypoint", "-e")
    stated = next((value for value in (option(words, name) for name in names) if value), "")
    target = _target([stated])
    if target is not None:
        return target
    files = [word for word in words[1:] if word.endswith(".py")]
    return Started(stated or files[0]) if stated or files else None


def _python(words: list[str], scripts: Mapping[str, str]) -> Started | None:
    for position, word in enumerate(words):
        if word == "-m":
            return _process(words[position + 1 :], scripts) or _named(words[position + 1 :])
        if word == "-c":
            return None
        if word.endswith(".py"):
            return Started(word.removeprefix("./"))
    return None


def _named(words: list[str]) -> Started | None:
    return Started(words[0]) if words and _MODULE.match(words[0]) else None


def option(words: Sequence[str], name: str) -> str:
    """The value of an option, as the next word or after an equals sign."""
    for position, word in enumerate(words):
        if word == name and position + 1 < len(words):
            return words[position + 1]
        if word.startswith(f"{name}="):
            return word.partition("=")[2]
    return ""
