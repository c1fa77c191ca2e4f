"""What is new against another snapshot: a finding whose key, or a member whose key, it lacks."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import msgspec
from msgspec.structs import replace

from archguard.model.finding import Finding, Hop, Member
from archguard.model.run import Settled, Triaged
from archguard.model.sources import Sources
from archguard.triage.excerpts import illustrate
from archguard.triage.identity import Identity
from archguard.triage.renaming import Renaming
from archguard.triage.settle import in_order


class Comparison(msgspec.Struct, frozen=True):
    """This side's findings with their novelty, and what the other side had and this one has not."""

    findings: tuple[Triaged, ...]
    fixed: tuple[Triaged, ...] = ()


class Index(msgspec.Struct, frozen=True):
    """The other side's members by identity, matched across renames."""

    members: Mapping[Identity, frozenset[str]]
    matched: dict[Identity, Identity] = msgspec.field(default_factory=dict)
    """This side's identity to the other's."""


def compare(
    settled: Settled,
    other: Settled,
    renames: Mapping[str, str] | None = None,
    sources: Sources | None = None,
) -> Comparison:
    """Say of each finding whether it is new.

    ``renames`` maps new paths to old ones. A finding of which only a member is new moves to that
    member; with this side's ``sources`` it gets that place's excerpt. A suppressed finding is not
    fixed; one that was suppressed there and is not here is new.
    """
    renaming = Renaming(renames or {})
    here = {_identity(item) for item in (*settled.findings, *settled.suppressed)}
    index = match(here, {_identity(item): _keys(item) for item in other.findings}, renaming)
    judged = [judge(item, index, renaming) for item in settled.findings]
    gone = set(index.members) - set(index.matched.values())
    fixed = [replace(item, novelty="fixed") for item in other.findings if _identity(item) in gone]
    return Comparison(in_order(illustrated_again(judged, settled.findings, sources)), in_order(fixed))


def illustrated_again(
    judged: list[Triaged], before: tuple[Triaged, ...], sources: Sources | None
) -> Iterable[Triaged]:
    """Findings that moved to a member get that place's excerpt."""
    if sources is None:
        return judged
    moved = [new for new, old in zip(judged, before, strict=True) if new.finding.span != old.finding.span]
    stayed = [new for new, old in zip(judged, before, strict=True) if new.finding.span == old.finding.span]
    return (*stayed, *illustrate(moved, sources, before))


# --- matching -------------------------------------------------------------------------------------


def match(here: Collection[Identity], there: Mapping[Identity, frozenset[str]], renaming: Renaming) -> Index:
    """Pair the identities of two sides: first equal ones, then those that a rename explains."""
    index = Index(there, {identity: identity for identity in here if identity in there})
    free = {identity for identity in here if identity not in index.matched}
    for identity in sorted(set(there) - set(index.matched)):
        found = next((i for i in _readings(identity, renaming, free) if i in free), None)
        if found:
            index.matched[found] = identity
            free.discard(found)
    return index


def _readings(identity: Identity, renaming: Renaming, free: Collection[Identity]) -> Iterable[Identity]:
    """What an identity may be called here: the same service first, then whichever has that key."""
    if not free:
        return
    keys = list(renaming.readings(identity.key))[1:]
    yield from (identity._replace(key=key) for key in keys)
    for key in keys:
        same = [i for i in sorted(free) if (i.rule, i.key) == (identity.rule, key)]
        if len(same) == 1:
            yield same[0]


def _identity(item: Triaged) -> Identity:
    return Identity(item.service, item.finding.rule, item.finding.key)


def _keys(item: Triaged) -> frozenset[str]:
    return frozenset(member.key for member in item.finding.members)


# --- judging --------------------------------------------------------------------------------------


def judge(item: Triaged, index: Index, renaming: Renaming) -> Triaged:
    """The finding with its novelty; one with only a new member stands where that member is."""
    identity = index.matched.get(_identity(item))
    if identity is None:
        keys = tuple(member.key for member in item.finding.members)
        return replace(item, novelty="new", new_members=keys)
    before = {read for key in index.members[identity] for read in renaming.readings(key)}
    fresh = [member for member in item.finding.members if member.key not in before]
    if not fresh:
        return replace(item, novelty="known", new_members=())
    keys = tuple(member.key for member in fresh)
    moved = shown_at(item.finding, fresh[0], set(keys))
    return replace(item, finding=moved, novelty="new", new_members=keys)


def shown_at(finding: Finding, member: Member, fresh: Collection[str]) -> Finding:
    """The finding at one of its members: that comes first, and the old place becomes a related one."""
    first = [m for m in finding.members if m.key in fresh]
    rest = [m for m in finding.members if m.key not in fresh]
    related = finding.related
    if finding.span not in (member.span, *(hop.span for hop in (*member.chain, *related))):
        related = (Hop(finding.span, finding.message.split(". ")[0]), *related)
    return replace(
        finding,
        span=member.span,
        message=f"{member.label}: {finding.message}",
        members=(*first, *rest),
        related=related,
    )
