"""The linked program with everything that is derived from it, computed when first asked for."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from archguard.derive import contexts, effects
from archguard.link.program import link
from archguard.model.facts import FileFacts
from archguard.model.policy import Policy
from archguard.model.program import Program, Service
from archguard.model.sources import SourceFile


def build(
    facts: Mapping[str, FileFacts],
    files: Sequence[SourceFile],
    services: tuple[Service, ...],
    policy: Policy,
    paths: Collection[str] = (),
) -> Program:
    """Link the facts; effects and contexts follow on demand. ``paths`` are all files of the snapshot."""
    return link(facts, files, services, policy, paths, effects=effects.compute, contexts=contexts.compute)
