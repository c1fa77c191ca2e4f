"""How the tables are written: groups of entries that share a source, unfolded to one per symbol."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec

from archguard.model.policy import Blocking, BlockingKind, ClientTimeout, Mode, Receiver


class Group(msgspec.Struct, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True):
    """Symbols that one source speaks of: every one of ``symbols`` behind every one of ``prefixes``.

    ``source`` is the page, PEP or library version that the entry was read in. ``removed`` is the
    Python version that dropped the module, where one did.
    """

    source: str
    symbols: tuple[str, ...]
    prefixes: tuple[str, ...] = ("",)
    removed: str = ""

    @property
    def paths(self) -> Iterator[str]:
        """The full symbols."""
        for prefix in self.prefixes:
            for symbol in self.symbols:
                yield f"{prefix}.{symbol}" if prefix else symbol


class BlockingGroup(Group, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True):
    """Calls that keep their thread waiting in one way."""

    kind: BlockingKind
    instead: str = ""

    @property
    def entries(self) -> Iterator[tuple[str, Blocking]]:
        """One entry for each symbol."""
        for path in self.paths:
            yield path, Blocking(path, self.kind, self.instead, self.source)


class TimeoutGroup(Group, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True):
    """Calls that come by their timeout in one way; the fields are those of `ClientTimeout`."""

    parameters: tuple[str, ...] = ("timeout",)
    position: int = -1
    default: float | None = None
    holder: str = ""
    infinite: tuple[str, ...] = ()
    checked_at: Literal["call", "constructor"] = "call"
    what: str = ""
    none_is_default: bool = False

    @property
    def entries(self) -> Iterator[tuple[str, ClientTimeout]]:
        """One entry for each symbol."""
        for path in self.paths:
            yield (
                path,
                ClientTimeout(
                    path,
                    self.parameters,
                    self.position,
                    self.default,
                    self.holder,
                    self.infinite,
                    self.checked_at,
                    self.what,
                    self.source,
                    self.none_is_default,
                ),
            )


class ReceiverGroup(Group, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True):
    """Library functions that run a callable in one way; the fields are those of `Receiver`."""

    mode: Mode
    argument: int = 0
    keyword: str = ""
    passes: bool = True

    @property
    def entries(self) -> Iterator[tuple[str, Receiver]]:
        """One entry for each symbol."""
        for path in self.paths:
            yield path, Receiver(path, self.mode, self.argument, self.keyword, self.passes)


class NameGroup(Group, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True):
    """Symbols that one thing is said of: the class they return, their canonical path, their role."""

    is_: str = msgspec.field(name="is")

    @property
    def entries(self) -> Iterator[tuple[str, str]]:
        """One entry for each symbol."""
        for path in self.paths:
            yield path, self.is_


class BasesGroup(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """Classes and their base classes, by one source."""

    source: str
    bases: dict[str, tuple[str, ...]]

    @property
    def entries(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """One entry for each class."""
        yield from self.bases.items()
