"""What archguard knows of libraries and what the project asked for, as data that rules read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeVar

import msgspec

from archguard.model.finding import Severity

T = TypeVar("T")

BlockingKind = Literal["network", "database", "sleep", "process", "lock", "disk", "cpu"]


class Blocking(msgspec.Struct, frozen=True, gc=False):
    """A call that keeps its thread waiting. ``instead`` is the asynchronous alternative."""

    symbol: str
    kind: BlockingKind
    instead: str = ""
    source: str = ""


ChangeKind = Literal["database", "message", "storage", "mail", "service"]
"""What a call changes outside the process: rows, a queue, stored files, a mailbox, another service."""


POOL = "pool"
"""What a `ClientTimeout` is of that limits the wait for a free connection, and not the work on one."""


class ClientTimeout(msgspec.Struct, frozen=True, gc=False):
    """How a client call comes by its timeout.

    ``parameters`` are the keywords that carry one, ``position`` the positional index of the first
    (-1: none). ``default`` is what applies when nothing is given, in seconds; None waits for ever.
    ``holder`` is the constructor whose own timeout the call inherits (``requests.Session`` has none,
    ``httpx.Client`` has). ``infinite``: values besides None that mean no timeout, as constructors
    whose named arguments are None or absent (``httpx.Timeout(None)``); ``none_is_default``: None
    means the default and not for ever. ``checked_at``: the finding stands at the ``call`` or at the
    ``constructor``.
    """

    symbol: str
    parameters: tuple[str, ...] = ("timeout",)
    position: int = -1
    default: float | None = None
    holder: str = ""
    infinite: tuple[str, ...] = ()
    checked_at: Literal["call", "constructor"] = "call"
    what: str = ""
    source: str = ""
    none_is_default: bool = False


Mode = Literal["call", "await", "task", "callback", "threadpool", "thread", "process", "loop", "create"]
"""How a callee runs seen from its caller: at once; awaited; as a task or a callback of the same loop;
in a pool's thread, a thread or a process of its own; on a new loop (``asyncio.run``); or not at all
(a coroutine that is only created)."""


class Receiver(msgspec.Struct, frozen=True, gc=False):
    """A library function that runs a callable it is handed.

    ``argument`` is the callable's positional index (for a method without ``self``; -1: every argument),
    ``keyword`` its keyword, ``passes`` whether further positional arguments go to it.
    """

    symbol: str
    mode: Mode
    argument: int = 0
    keyword: str = ""
    passes: bool = True


class Knowledge(msgspec.Struct, frozen=True):
    """The tables of ``knowledge/``, keyed by external symbol (see `model.values`).

    A key may end in ``.*`` for every attribute of its prefix. ``returns`` maps a callable to the
    class of its result (``sqlite3.connect`` to ``sqlite3.Connection``), ``aliases`` another path of a
    name to the canonical one (``requests.sessions.Session`` to ``requests.Session``), ``bases`` an
    external class to its base classes. ``roles`` maps a symbol to what frameworks use it for.
    ``harmless`` are symbols that a ``.*`` key of ``blocking`` would cover and that do not block
    (``boto3.client().generate_presigned_url``). ``changes`` says of a call what it changes
    outside the process.
    """

    blocking: Mapping[str, Blocking] = msgspec.field(default_factory=dict)
    timeouts: Mapping[str, ClientTimeout] = msgspec.field(default_factory=dict)
    receivers: Mapping[str, Receiver] = msgspec.field(default_factory=dict)
    returns: Mapping[str, str] = msgspec.field(default_factory=dict)
    aliases: Mapping[str, str] = msgspec.field(default_factory=dict)
    bases: Mapping[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    roles: Mapping[str, str] = msgspec.field(default_factory=dict)
    harmless: frozenset[str] = frozenset()
    changes: Mapping[str, ChangeKind] = msgspec.field(default_factory=dict)


def lookup(table: Mapping[str, T], symbol: str, bases: Mapping[str, tuple[str, ...]]) -> T | None:
    """What a table says of an external symbol: by its name, by ``prefix.*``, or by a base class's method."""
    found = table.get(symbol)
    prefix, _, name = symbol.rpartition(".")
    if found is None and prefix:
        found = table.get(f"{prefix}.*")
        if found is None:
            for base in bases.get(prefix, ()):
                found = lookup(table, f"{base}.{name}", bases)
                if found is not None:
                    break
    return found


def blocking_call(knowledge: Knowledge, symbol: str) -> Blocking | None:
    """How a call of an external symbol keeps its thread waiting, or None if it does not."""
    if symbol in knowledge.harmless:
        return None
    return lookup(knowledge.blocking, symbol, knowledge.bases)


class Limits(msgspec.Struct, frozen=True):
    """Where linking and deriving stop; each stop is counted and shown."""

    chain: int = 20
    dispatch: int = 8
    union: int = 4
    depth: int = 40


class Override(msgspec.Struct, frozen=True):
    """Settings for the paths that match one glob."""

    glob: str
    ignore: tuple[str, ...] = ()


class Policy(msgspec.Struct, frozen=True):
    """Knowledge, the project's own extensions, and its choices; Program carries it.

    ``src`` are the folders that the project puts on ``sys.path``, relative to the snapshot's top.
    """

    knowledge: Knowledge = msgspec.field(default_factory=Knowledge)
    limits: Limits = msgspec.field(default_factory=Limits)
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: Severity | None = Severity.HIGH
    src: tuple[str, ...] = ()
    layers: tuple[str, ...] = ()
    expected_load: Mapping[str, int] = msgspec.field(default_factory=dict)
    require_reason: bool = False
    overrides: tuple[Override, ...] = ()
