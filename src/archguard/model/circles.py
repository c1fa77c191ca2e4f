"""Circles of imports: modules that need each other, what breaks for it, and where to cut."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from archguard.model.program import Module, ModuleImport


class Failure(NamedTuple):
    """Importing ``first`` before all others fails at ``at``: its module does not have the name by then."""

    first: Module
    at: ModuleImport


class Cut(NamedTuple):
    """The imports of one module by another that are cheapest to move.

    ``leaves`` modules stay in a circle without them; ``early`` of them matter while the importer is
    imported itself, and not only to its functions.
    """

    imports: tuple[ModuleImport, ...]
    leaves: int
    early: int


class Circle(msgspec.Struct, frozen=True):
    """A strongly connected component of imports.

    ``imports`` is the first import of every pair in it, ``way`` the shortest circle through the import
    that matters most, that one first. ``late``: the imports inside functions without which there would
    be no circle; empty for one that closes while its modules are imported.
    """

    modules: tuple[Module, ...]
    imports: tuple[ModuleImport, ...]
    way: tuple[ModuleImport, ...]
    cut: Cut
    failure: Failure | None = None
    late: tuple[ModuleImport, ...] = ()
