"""Reads the tables and joins them to `Knowledge`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Protocol, TypeVar

import msgspec

from archguard.knowledge.groups import (
    BasesGroup,
    BlockingGroup,
    ChangeGroup,
    Group,
    NameGroup,
    ReceiverGroup,
    TimeoutGroup,
)
from archguard.model.policy import Knowledge

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


_FOLDER = Path(__file__).with_name("tables")


class Table(Protocol[T_co]):
    """A group of entries."""

    @property
    def entries(self) -> Sequence[tuple[str, T_co]]:
        """Symbols and what is known of each."""


class Tables(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All groups of one file; a file speaks of one library, or of few that belong together."""

    blocking: tuple[BlockingGroup, ...] = ()
    timeouts: tuple[TimeoutGroup, ...] = ()
    receivers: tuple[ReceiverGroup, ...] = ()
    returns: tuple[NameGroup, ...] = ()
    aliases: tuple[NameGroup, ...] = ()
    roles: tuple[NameGroup, ...] = ()
    harmless: tuple[Group, ...] = ()
    changes: tuple[ChangeGroup, ...] = ()
    bases: tuple[BasesGroup, ...] = ()


def read_tables() -> tuple[Tables, ...]:
    """Every file of the folder ``tables``, in the order of their names."""
    decoder = msgspec.json.Decoder(Tables)
    return tuple(decoder.decode(path.read_bytes()) for path in sorted(_FOLDER.glob("*.json")))


@cache
def load() -> Knowledge:
    """All that archguard knows, read once."""
    tables = read_tables()
    return Knowledge(
        blocking=_unfold(group for table in tables for group in table.blocking),
        timeouts=_unfold(group for table in tables for group in table.timeouts),
        receivers=_unfold(group for table in tables for group in table.receivers),
        returns=_unfold(group for table in tables for group in table.returns),
        aliases=_unfold(group for table in tables for group in table.aliases),
        bases=_unfold(group for table in tables for group in table.bases),
        roles=_unfold(group for table in tables for group in table.roles),
        harmless=frozenset(path for table in tables for group in table.harmless for path in group.paths),
        changes=_unfold(group for table in tables for group in table.changes),
    )


def _unfold(groups: Iterable[Table[T]]) -> dict[str, T]:
    found: dict[str, T] = {}
    for group in groups:
        found.update(group.entries)
    return found
