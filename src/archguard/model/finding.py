"""What archguard says: findings with a place, and controls without one."""

from __future__ import annotations

from enum import IntEnum
from typing import Literal

import msgspec

from archguard.model.place import Span


class Severity(IntEnum):
    """How bad it is; compares by order, prints in lower case."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4

    def __str__(self) -> str:
        return self.name.lower()


class Confidence(IntEnum):
    """How sure archguard is of one finding."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3

    def __str__(self) -> str:
        return self.name.lower()


class Hop(msgspec.Struct, frozen=True):
    """One step of the chain that proves a finding: where, and what happens there."""

    span: Span
    text: str


class Member(msgspec.Struct, frozen=True):
    """One of the things that a finding gathers: a route that reaches the sink, a path that deviates.

    ``key`` is its identity inside the finding, without lines; ``chain`` leads from it to the sink.
    """

    key: str
    label: str
    span: Span
    chain: tuple[Hop, ...] = ()


class Edit(msgspec.Struct, frozen=True):
    """Replace the text at ``span`` by ``text``."""

    span: Span
    text: str


class Fix(msgspec.Struct, frozen=True):
    """How the finding is fixed: in words and code, and as edits where that is mechanical."""

    description: str
    code: str = ""
    edits: tuple[Edit, ...] = ()


class Finding(msgspec.Struct, frozen=True):
    """One defect, with exactly one primary place.

    ``key`` identifies it without line numbers or snippets; with ``rule`` and the members' keys it is
    the one identity that SARIF, baseline and report share. ``message`` leads with one sentence that
    stands alone. ``related`` are further places worth opening, ``sources`` the witnesses
    (``archguard``, ``ruff S113``), ``evidence`` facts as name and value (counts, settings, arithmetic).
    ``surface`` is the finding's own where it differs from its rule's.
    """

    rule: str
    key: str
    span: Span
    message: str
    severity: Severity
    confidence: Confidence = Confidence.HIGH
    members: tuple[Member, ...] = ()
    related: tuple[Hop, ...] = ()
    sources: tuple[str, ...] = ("archguard",)
    evidence: tuple[tuple[str, str], ...] = ()
    fix: Fix | None = None
    surface: Literal["alert", "report", ""] = ""

    @property
    def chain(self) -> tuple[Hop, ...]:
        """The shortest chain that proves it; empty where the place speaks for itself."""
        chains = [member.chain for member in self.members if member.chain]
        return min(chains, key=len) if chains else ()


State = Literal["present", "partial", "absent", "unknown"]


class Control(msgspec.Struct, frozen=True):
    """Something that a reviewer looks for in the whole service, and whether it is there.

    ``rule`` is the rule that looked, ``subject`` what it is about (a pool, an external service, the
    service itself), ``reason`` one sentence; ``locations`` the evidence.
    """

    rule: str
    key: str
    subject: str
    state: State
    reason: str
    locations: tuple[Span, ...] = ()
