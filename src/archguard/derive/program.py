"""The linked program with everything that is derived from it, computed when first asked for."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from archguard.derive import circles, contexts
from archguard.derive.effects import CallEffects
from archguard.derive.time_limits import CallLimits
from archguard.link.kept_calls import Memory
from archguard.link.program import link
from archguard.model.derived import Derived
from archguard.model.facts import FileFacts
from archguard.model.policy import Policy
from archguard.model.program import Lazy, Program, Service
from archguard.model.sources import SourceFile


def build(
    facts: Mapping[str, FileFacts],
    files: Sequence[SourceFile],
    services: tuple[Service, ...],
    policy: Policy,
    paths: Collection[str] = (),
    *,
    memory: Memory | None = None,
) -> Program:
    """Link the facts; what is derived follows on demand.

    ``paths`` are all files of the snapshot, ``memory`` keeps what was resolved until the next run.
    """
    return link(facts, files, services, policy, paths, derive=derive, memory=memory)


def derive(program: Lazy[Program]) -> Derived:
    """Every table of this room, none of them computed yet."""
    return Derived(
        effects=Lazy(lambda: CallEffects(program.get())),
        contexts=Lazy(lambda: contexts.compute(program.get())),
        circles=Lazy(lambda: circles.compute(program.get())),
        limits=Lazy(lambda: CallLimits(program.get())),
    )
