"""Knowledge and the project's own settings as the `Policy` that rules read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from archguard import knowledge
from archguard.model.policy import Blocking, ClientTimeout, Knowledge, Limits, Override, Policy

if TYPE_CHECKING:
    from archguard.config.settings import LimitSettings, Settings

_SOURCE = "the project's configuration"


def make_policy(settings: Settings) -> Policy:
    """What archguard knows, extended by what the project says."""
    return Policy(
        knowledge=_extended(knowledge.load(), settings),
        limits=_limits(settings.limits),
        select=settings.select,
        ignore=settings.ignore,
        fail_on=settings.threshold,
        src=settings.src,
        layers=settings.layers,
        expected_load=dict(settings.expected_load),
        require_reason=settings.require_reason,
        overrides=tuple(Override(entry.glob, entry.ignore) for entry in settings.per_path),
    )


def without_effect(settings: Settings) -> tuple[str, ...]:
    """The keys that are set and that no rule of this version reads; the run says so."""
    waiting = {"layers": settings.layers, "expected-load": settings.expected_load, "plans": settings.plans}
    return tuple(key for key, value in waiting.items() if value)


def _extended(known: Knowledge, settings: Settings) -> Knowledge:
    if not settings.blocking and not settings.clients:
        return known
    blocking = {e.call: Blocking(e.call, e.kind, e.instead, _SOURCE) for e in settings.blocking}
    timeouts = {
        e.call: ClientTimeout(e.call, e.parameters, e.position, e.default, e.holder, source=_SOURCE)
        for e in settings.clients
    }
    return replace(known, blocking={**known.blocking, **blocking}, timeouts={**known.timeouts, **timeouts})


def _limits(stated: LimitSettings) -> Limits:
    given = {name: value for name, value in msgspec.structs.asdict(stated).items() if value is not None}
    return replace(Limits(), **given)
