"""What running an engine takes to know: what it reads, how it is called, what its answer says."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Literal, cast

import msgspec

from archguard.engines.catalogue import EngineRule
from archguard.model.place import Place
from archguard.model.run import EngineStats, Failure
from archguard.model.sources import FileKind, Role

NAMES = ("semgrep", "ruff", "bandit", "squawk", "detect-secrets")
"""All engines."""

Columns = Literal["characters", "bytes"]
"""What an engine counts columns in; ours are UTF-16 units."""


class BadAnswer(Exception):
    """An engine's answer is not what it should be; the message is one line and quotes nothing of it."""


class Hit(msgspec.Struct, frozen=True, array_like=True):
    """One thing that an engine found, without words that could hold a secret.

    ``code`` is the engine's own for the rule, ``label`` a name out of the code, ``measure`` a number.
    """

    path: str
    place: Place
    code: str
    label: str = ""
    measure: int = 0


class Answer(msgspec.Struct, frozen=True):
    """What an engine said: its hits, and the files that it could not read."""

    hits: tuple[Hit, ...]
    unread: tuple[str, ...] = ()


class Collected(msgspec.Struct, frozen=True):
    """What the engines found, by engine; which of their rules looked; how it went."""

    hits: tuple[tuple[str, Hit], ...] = ()
    rules: Mapping[str, Mapping[str, EngineRule]] = {}
    stats: tuple[EngineStats, ...] = ()
    failures: tuple[Failure, ...] = ()


class Program(msgspec.Struct, frozen=True):
    """An engine that is there: its executable and its version."""

    path: str
    version: str


class Adapter(msgspec.Struct, frozen=True):
    """One engine.

    ``least`` is the oldest version that knows all that is asked of it. ``command`` are the words after the
    program's path, which runs in a folder that holds only the files that it ``wants``; ``statuses`` those
    with which it ends well. ``rules`` are the rules that count, by its codes. ``shards``: it uses one
    processor, so its files are dealt out to several processes. ``holds``: only files in which this is
    found are for it. ``beside`` are files of ours that lie in its folder.
    """

    name: str
    distribution: str
    extra: str
    least: tuple[int, ...]
    wants: Callable[[str, FileKind, Role], bool]
    command: Callable[[], list[str]]
    read: Callable[[bytes], Answer]
    rules: Callable[[], Mapping[str, EngineRule]]
    columns: Columns
    statuses: frozenset[int] = frozenset({0, 1})
    shards: bool = False
    holds: re.Pattern[bytes] | None = None
    beside: tuple[tuple[str, bytes], ...] = ()


def adapter(name: str) -> Adapter:
    """The adapter of an engine; imports that one only."""
    return cast("Adapter", import_module(f"archguard.engines.{name.replace('-', '_')}").ADAPTER)


def is_python_source(_: str, kind: FileKind, role: Role) -> bool:
    """What most engines read: tests, scripts and others' code are nobody's service."""
    return kind == "python" and role == "source"
