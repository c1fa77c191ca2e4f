"""What derive/ works out from the linked program: computed when a rule first asks, and once."""

from __future__ import annotations

import msgspec

from archguard.model.circles import Circle
from archguard.model.program import Contexts, Effects, Lazy


class Derived(msgspec.Struct, frozen=True):
    """The tables that many rules ask and that take an algorithm over the whole program."""

    effects: Lazy[Effects]
    contexts: Lazy[Contexts]
    circles: Lazy[tuple[Circle, ...]]
