"""What derive/ works out from the linked program: computed when a rule first asks, and once."""

from __future__ import annotations

from typing import Protocol

import msgspec

from archguard.model.circles import Circle
from archguard.model.policy import ClientTimeout
from archguard.model.program import Contexts, Edge, Effects, Function, Lazy


class TimeLimits(Protocol):
    """Which calls of other services may wait for ever."""

    def unlimited(self, function: Function) -> tuple[tuple[Edge, ClientTimeout], ...]:
        """The calls in a function that nothing limits, with what is known of each, in their order."""

    def is_bounded(self, edge: Edge) -> bool:
        """Whether a call, whatever it calls, stands under a deadline in its own coroutine."""


class Derived(msgspec.Struct, frozen=True):
    """The tables that many rules ask and that take an algorithm over the whole program."""

    effects: Lazy[Effects]
    contexts: Lazy[Contexts]
    circles: Lazy[tuple[Circle, ...]]
    limits: Lazy[TimeLimits]
