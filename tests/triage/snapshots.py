"""Small snapshots and findings for tests of triage."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

import msgspec

from archguard.engines.translate import Heard
from archguard.extract.files import extract_file
from archguard.model.finding import Finding, Hop, Member, Severity
from archguard.model.place import Place, Span
from archguard.model.policy import Policy
from archguard.model.program import Service
from archguard.model.rule import Effort, Meta, RuleInfo
from archguard.model.run import Settled
from archguard.model.sources import Role, SourceFile
from archguard.triage.settle import settle


def info(rule: str, name: str, roles: tuple[Role, ...] = ("source",)) -> RuleInfo:
    """A rule."""
    meta = Meta(rule, Severity.HIGH, "alert", "program", Effort(1), ("performance",), "", "", roles=roles)
    return RuleInfo(meta, name, "concurrency", name, "", "")


RULES = (
    info("AG0208", "unsafe-migration", ("source", "migration")),
    info("AG0601", "no-timeout"),
    info("AG0801", "secret-in-source"),
    info("AG0901", "blocking-call-in-async"),
)


class Memory(msgspec.Struct, frozen=True):
    """A snapshot in memory."""

    content: Mapping[str, bytes]
    roles: Mapping[str, Role] = msgspec.field(default_factory=dict)
    label: str = "memory"

    @property
    def files(self) -> tuple[SourceFile, ...]:
        """All files."""
        return tuple(
            SourceFile(p, "python", self.roles.get(p, "source"), hashlib.sha256(c).hexdigest(), len(c))
            for p, c in sorted(self.content.items())
        )

    def read(self, path: str) -> bytes:
        """One file's bytes."""
        try:
            return self.content[path]
        except KeyError:
            raise FileNotFoundError(path) from None


def settled(
    files: Mapping[str, str],
    findings: Iterable[Finding],
    *,
    policy: Policy | None = None,
    services: Iterable[Service] = (),
    today: str = "2026-06-01T12:00:00+02:00",
    ran: Iterable[str] | None = None,
    roles: Mapping[str, Role] | None = None,
    heard: Heard | None = None,
) -> Settled:
    """These findings of these files, settled."""
    return settle(
        findings,
        {path: extract_file("python", text.encode()) for path, text in files.items()},
        Memory({path: text.encode() for path, text in files.items()}, roles or {}),
        policy or Policy(),
        services,
        today,
        rules=RULES,
        ran=None if ran is None else set(ran),
        heard=heard,
    )


def finding(
    path: str = "app/a.py",
    line: int = 1,
    rule: str = "AG0901",
    key: str = "app.a.f|network",
    *,
    end: int = 0,
    columns: tuple[int, int] = (1, 5),
    members: tuple[Member, ...] = (),
    sources: tuple[str, ...] = ("archguard",),
    severity: Severity = Severity.HIGH,
) -> Finding:
    """A finding; one line by default."""
    place = Place(line, columns[0], end or line, columns[1])
    return Finding(rule, key, Span(path, place), "waits", severity, members=members, sources=sources)


def at(path: str, line: int) -> Span:
    """A place of one line."""
    return Span(path, Place(line, 1, line, 5))


def member(key: str, *hops: Span) -> Member:
    """A member whose chain has these steps; the first is where it stands."""
    return Member(key, key, hops[0], tuple(Hop(span, "step") for span in hops))
