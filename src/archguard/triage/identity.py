"""Which findings are the same: service, rule and key, never a line or a snippet.

Findings of one identity become one, whatever the order they come in: the first place in the order of
paths and lines is the primary one, the others are kept as related places, and members are united.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import NamedTuple

from msgspec.structs import replace

from archguard.engines.catalogue import RANK, engine_of
from archguard.model.finding import Finding, Fix, Hop, Member
from archguard.model.place import Span
from archguard.model.program import Service

OWN = "archguard"
"""The witness that ranks first."""

SECRET_RULES = ("AG0801", "AG0802", "AG0803")
"""Rules about secrets: reported wherever they are, and nothing is quoted of them."""


class Identity(NamedTuple):
    """What makes a finding this finding."""

    service: str
    rule: str
    key: str

    @property
    def fingerprint(self) -> str:
        """The identity as 32 hexadecimal digits."""
        return sha256("\0".join(self).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def service_name(services: Iterable[Service], path: str) -> str:
    """The name of the service that a path belongs to: the one with the longest root above it."""
    above = (s for s in services if not s.root or path == s.root or path.startswith(s.root + "/"))
    best = max(above, key=lambda service: (len(service.root), service.name), default=None)
    return best.name if best else ""


def identity_of(finding: Finding, services: Iterable[Service]) -> Identity:
    """The identity of one finding."""
    return Identity(service_name(services, finding.span.path), finding.rule, finding.key)


def merged(findings: Iterable[Finding], services: Iterable[Service]) -> dict[Identity, Finding]:
    """One finding an identity, in the order of place."""
    services = tuple(services)
    groups: dict[Identity, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(identity_of(finding, services), []).append(finding)
    return {i: _merge(sorted(group, key=_order)) for i, group in sorted(groups.items())}


def _order(finding: Finding) -> tuple[Span, bool, str, str]:
    """By place, archguard's own first; the rest only so that no tie is left to chance."""
    return finding.span, OWN not in finding.sources, finding.rule, repr(finding)


def _merge(group: list[Finding]) -> Finding:
    """The first own finding speaks for all; witnesses, members, places and evidence are united."""
    if len(group) == 1:
        only = group[0]
        return replace(only, members=_members(group), sources=_witnesses(group))
    speaker = next((f for f in group if OWN in f.sources), group[0])
    return replace(
        speaker,
        severity=max(f.severity for f in group),
        confidence=max(f.confidence for f in group),
        members=_members(group),
        related=_related(speaker, group),
        sources=_witnesses(group),
        evidence=tuple(dict.fromkeys(item for f in group for item in f.evidence)),
        fix=speaker.fix or _first_fix(group),
    )


def _first_fix(group: list[Finding]) -> Fix | None:
    return next((f.fix for f in group if f.fix), None)


def _witnesses(group: list[Finding]) -> tuple[str, ...]:
    found = {source for finding in group for source in finding.sources}
    return tuple(sorted(found, key=rank))


def rank(source: str) -> tuple[bool, int, str]:
    """The order of witnesses: archguard, then the engines by rank, then by code."""
    engine = engine_of(source)
    return source != OWN, RANK.index(engine) if engine in RANK else len(RANK), source


def _members(group: list[Finding]) -> tuple[Member, ...]:
    """All members by key; of two with one key, the one with the shorter chain."""
    best: dict[str, Member] = {}
    for finding in group:
        for member in finding.members:
            known = best.get(member.key)
            if known is None or _length(member) < _length(known):
                best[member.key] = member
    return tuple(sorted(best.values(), key=lambda member: (*_length(member), member.key)))


def _length(member: Member) -> tuple[int, Span, str]:
    return len(member.chain), member.span, member.label


def _related(speaker: Finding, group: list[Finding]) -> tuple[Hop, ...]:
    own = [hop for finding in group for hop in finding.related]
    also = [Hop(f.span, "the same here") for f in group if f.span != speaker.span]
    seen = {hop.span for hop in own}
    return tuple(dict.fromkeys([*own, *(hop for hop in also if hop.span not in seen)]))
