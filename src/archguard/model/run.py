"""A run: what one analysis found, what it could not do, and what the service is made of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

from archguard.model.finding import Control, Finding, Severity
from archguard.model.inventory import Inventory
from archguard.model.place import Span
from archguard.model.rule import RuleInfo

FailureKind = Literal["rule", "engine", "file", "path", "suppression", "setting"]


class Failure(msgspec.Struct, frozen=True):
    """Something that did not run or was not read; it never looks like "clean".

    ``fatal``: it changes the exit status (3). ``subject`` is the rule, the engine or the path; a
    ``suppression`` is a comment that cannot be read, or that has expired, and silences nothing; a
    ``setting`` is one that has no effect.
    """

    kind: FailureKind
    subject: str
    reason: str
    fatal: bool
    span: Span | None = None


class Suppression(msgspec.Struct, frozen=True):
    """A comment that silences findings. ``until`` is an ISO date or empty; ``used`` how many it hid."""

    span: Span
    rules: tuple[str, ...]
    reason: str
    until: str = ""
    used: int = 0


Novelty = Literal["new", "known", "fixed", "unknown"]


class Triaged(msgspec.Struct, frozen=True):
    """A finding as it is shown.

    ``fingerprint`` is its identity (hexadecimal of service, rule and key), ``line_hash`` GitHub's
    ``primaryLocationLineHash``. ``excerpt`` are source lines around the place with secrets masked,
    ``excerpt_line`` the number of the first. ``new_members`` are the keys that the other side lacks.
    """

    finding: Finding
    service: str
    fingerprint: str
    line_hash: str = ""
    excerpt: tuple[str, ...] = ()
    excerpt_line: int = 0
    novelty: Novelty = "unknown"
    new_members: tuple[str, ...] = ()
    suppressed_by: Suppression | None = None


class Settled(msgspec.Struct, frozen=True):
    """Findings in the order of path, line and rule.

    ``suppressed`` holds whole findings and, with only those members, findings of which some members
    are silenced. ``notes`` are comments that cannot be followed or have expired. ``joined`` and ``left``
    count by engine what became a witness, and what archguard's own rule lets pass.
    """

    findings: tuple[Triaged, ...]
    suppressed: tuple[Triaged, ...] = ()
    unused: tuple[Suppression, ...] = ()
    notes: tuple[Failure, ...] = ()
    joined: Mapping[str, int] = msgspec.field(default_factory=dict)
    left: Mapping[str, int] = msgspec.field(default_factory=dict)


class EngineStats(msgspec.Struct, frozen=True):
    """How one of the other tools went.

    ``files`` were given to it, of which ``cached`` had been looked at before. Of what it ``found``,
    ``joined`` is about the same as another tool's or archguard's finding, and ``left`` is shown nowhere:
    archguard's own rule lets it pass, or it is too often wrong to stand alone. ``seconds`` differ from
    run to run; no file holds them.
    """

    name: str
    version: str
    files: int = 0
    cached: int = 0
    found: int = 0
    joined: int = 0
    left: int = 0
    seconds: float = 0.0


class Stats(msgspec.Struct, frozen=True):
    """What a run read and how far it saw; all counts."""

    files: int = 0
    lines: int = 0
    cached: int = 0
    functions: int = 0
    calls: int = 0
    resolved: int = 0
    gaps: Mapping[str, int] = msgspec.field(default_factory=dict)
    engines: tuple[EngineStats, ...] = ()


class Outcome(msgspec.Struct, frozen=True):
    """What the analysis of one snapshot gave, before anything is compared or narrowed.

    ``rules`` are the other tools' that looked.
    """

    settled: Settled
    controls: tuple[Control, ...]
    inventory: Inventory
    failures: tuple[Failure, ...]
    stats: Stats
    rules: tuple[RuleInfo, ...] = ()


class Commit(msgspec.Struct, frozen=True):
    """The assessed commit: full hash, branch, committer date (ISO), remote's web address or empty."""

    hash: str = ""
    branch: str = ""
    date: str = ""
    url: str = ""
    dirty: bool = False


class Run(msgspec.Struct, frozen=True):
    """Everything that outputs and the assessment need, and nothing else.

    ``fail_on`` is the configuration's threshold for the exit status; None is never.
    ``engines`` are the other tools that ran, also those that found nothing: name and version.
    ``prefix`` is the assessed folder relative to the repository's top, empty for all of it; ``target``
    is only what it is called. ``title`` is the report's, where the configuration gives one;
    ``category`` is what code scanning tracks the findings by, where that is not archguard.
    """

    target: str
    tool_version: str
    commit: Commit
    rules: tuple[RuleInfo, ...]
    findings: tuple[Triaged, ...]
    suppressed: tuple[Triaged, ...] = ()
    unused_suppressions: tuple[Suppression, ...] = ()
    controls: tuple[Control, ...] = ()
    inventory: Inventory = msgspec.field(default_factory=Inventory)
    failures: tuple[Failure, ...] = ()
    stats: Stats = msgspec.field(default_factory=Stats)
    since: str = ""
    fixed: int = 0
    fail_on: Severity | None = Severity.HIGH
    engines: tuple[tuple[str, str], ...] = ()
    prefix: str = ""
    title: str = ""
    category: str = ""
