"""How the tables are written: groups of entries that share a source, unfolded to one per symbol."""

from __future__ import annotations

from typing import Literal

import msgspec

from archguard.model.policy import Blocking, BlockingKind, ChangeKind, ClientTimeout, Mode, Receiver


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
    def paths(self) -> list[str]:
        """The full symbols."""
        heads = [f"{prefix}." if prefix else "" for prefix in self.prefixes]
        return [head + symbol for head in heads for symbol in self.symbols]


class BlockingGroup(Group, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True):
    """Calls that keep their thread waiting in one way."""

    kind: BlockingKind
    instead: str = ""

    @property
    def entries(self) -> list[tuple[str, Blocking]]:
        """One entry for each symbol."""
        kind, instead, source = self.kind, self.instead, self.source
        return [(path, Blocking(path, kind, instead, source)) for path in self.paths]


class ChangeGroup(Group, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True):
    """Calls that change something of one kind outside the process."""

    kind: ChangeKind

    @property
    def entries(self) -> list[tuple[str, ChangeKind]]:
        """One entry for each symbol."""
        return [(path, self.kind) for path in self.paths]


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
    def entries(self) -> list[tuple[str, ClientTimeout]]:
        """One entry for each symbol."""
        return [(path, self._entry(path)) for path in self.paths]

    def _entry(self, path: str) -> ClientTimeout:
        return ClientTimeout(
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
        )


class ReceiverGroup(Group, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True):
    """Library functions that run a callable in one way; the fields are those of `Receiver`."""

    mode: Mode
    argument: int = 0
    keyword: str = ""
    passes: bool = True

    @property
    def entries(self) -> list[tuple[str, Receiver]]:
        """One entry for each symbol."""
        return [
            (path, Receiver(path, self.mode, self.argument, self.keyword, self.passes)) for path in self.paths
        ]


class NameGroup(Group, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True):
    """Symbols that one thing is said of: the class they return, their canonical path, their role."""

    is_: str = msgspec.field(name="is")

    @property
    def entries(self) -> list[tuple[str, str]]:
        """One entry for each symbol."""
        return [(path, self.is_) for path in self.paths]


class BasesGroup(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """Classes and their base classes, by one source."""

    source: str
    bases: dict[str, tuple[str, ...]]

    @property
    def entries(self) -> list[tuple[str, tuple[str, ...]]]:
        """One entry for each class."""
        return list(self.bases.items())
