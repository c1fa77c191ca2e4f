"""Which rules of which engine count, and what they mean here: area, severity, words, equivalences.

The selection is data (``tables/*.json``), and so are the words: what an engine prints is never quoted,
because some of them print the secrets that they find.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from archguard.model.finding import Confidence, Severity
from archguard.model.rule import Effort, Impact, Meta, RuleInfo, Surface
from archguard.model.sources import Role

TABLES = Path(__file__).with_name("tables")
RANK = ("semgrep", "ruff", "bandit", "squawk", "detect-secrets")
"""The engines; of several witnesses without archguard the first speaks."""

LINEAGES = (frozenset({"ruff", "bandit"}),)
"""Engines whose agreement proves nothing: ruff's security rules are a port of bandit's."""


class EngineRule(msgspec.Struct, frozen=True):
    """One rule of one engine.

    ``info.topic`` is what it is about: the id of an equivalent rule of archguard, or the id of the first
    engine rule that says the same. ``says`` are the words for a finding, with ``{label}``,
    ``{measure}`` and ``{count}``; ``one`` those for one of several that are gathered ``per`` service.
    ``secret``: nothing of what the engine says of a finding is kept. Not ``alone``: too often wrong to
    be more than the witness of another tool's finding. ``unless`` names the condition of
    ``conditions.py`` under which a hit is no finding.
    """

    info: RuleInfo
    says: str
    one: str
    fix: str
    per: Literal["place", "service"] = "place"
    secret: bool = False
    alone: bool = True
    unless: str = ""

    @property
    def id(self) -> str:
        """The id that findings carry, ``ruff S113``."""
        return self.info.id

    @property
    def engine(self) -> str:
        """The engine's name."""
        return engine_of(self.info.id)


class Table(msgspec.Struct, frozen=True):
    """An engine's rules by its own code; a code may stand for a rule of another code."""

    engine: str
    rules: dict[str, EngineRule]
    settings: tuple[str, ...] = ()


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A row of a table. ``like`` takes what is not stated from a rule of ruff's, ``under`` everything."""

    code: str
    name: str = ""
    title: str = ""
    says: str = ""
    one: str = ""
    fix: str = ""
    risk: str = ""
    area: str = ""
    topic: str = ""
    severity: str = ""
    confidence: str = ""
    impact: tuple[Impact, ...] = ()
    effort: tuple[float, float] | None = None
    per: Literal["place", "service", ""] = ""
    surface: Surface | Literal[""] = ""
    roles: tuple[Role, ...] = ()
    secret: bool = False
    supports: bool = False
    unless: str = ""
    security: bool = False
    cwe: int = 0
    like: str = ""
    under: str = ""


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    source: str
    rules: tuple[Entry, ...]
    settings: tuple[str, ...] = ()


def engine_of(rule: str) -> str:
    """The engine of a rule's id; empty for archguard's own."""
    engine, _, code = rule.partition(" ")
    return engine if code else ""


def are_twins(one: RuleInfo | None, other: RuleInfo | None) -> bool:
    """Whether two rules are one rule in two engines, one of which has taken it from the other."""
    if one is None or other is None or one.title != other.title:
        return False
    return any({engine_of(one.id), engine_of(other.id)} == lineage for lineage in LINEAGES)


@cache
def table(engine: str) -> Table:
    """The rules of an engine whose selection is a table of ours."""
    file = _read(engine)
    ours = {entry.code: entry for entry in file.rules}
    models = ours if engine == "ruff" else {entry.code: entry for entry in _read("ruff").rules}
    rules = {
        code: made(engine, *_completed(entry, models)) for code, entry in ours.items() if not entry.under
    }
    under = {code: rules[entry.under] for code, entry in ours.items() if entry.under}
    return Table(engine, rules | under, file.settings)


def _read(engine: str) -> _File:
    return msgspec.json.decode((TABLES / f"{engine}.json").read_bytes(), type=_File)


def _completed(entry: Entry, models: dict[str, Entry]) -> tuple[Entry, str]:
    """An entry with what it takes from the one that it is like, and what both are about."""
    if not entry.like:
        return entry, entry.topic
    model, topic = _completed(models[entry.like], models)
    given = {name: value for name in Entry.__struct_fields__ if (value := getattr(entry, name))}
    return msgspec.structs.replace(model, **given), entry.topic or topic or f"ruff {entry.like}"


def made(engine: str, entry: Entry, topic: str) -> EngineRule:
    """The rule that an entry describes."""
    rule = f"{engine} {entry.code}"
    meta = Meta(
        id=rule,
        severity=Severity[entry.severity.upper()],
        surface=entry.surface or "report",
        scope="module",
        effort=Effort(*(entry.effort or (0.5, 0.25))),
        impact=entry.impact or (("security",) if entry.security else ("maintainability",)),
        risk=entry.risk,
        rollout="Nothing that callers see changes unless they rely on what is wrong.",
        confidence=Confidence[entry.confidence.upper()] if entry.confidence else Confidence.MEDIUM,
        security=entry.security,
        cwe=entry.cwe,
        roles=entry.roles or ("source",),
    )
    doc = f"{entry.title}.\n\n{entry.one or entry.says}.\n\nTo fix it: {entry.fix}\n\nFound by {rule}."
    return EngineRule(
        RuleInfo(
            meta, entry.name or entry.code.lower(), entry.area, entry.title, _plain(doc), "", topic or rule
        ),
        entry.says,
        entry.one or entry.says,
        entry.fix,
        entry.per or "place",
        entry.secret,
        not entry.supports,
        entry.unless,
    )


def _plain(doc: str) -> str:
    """A rule's page speaks of no place in particular."""
    return doc.replace("{label}", "it").replace("{measure}", "more").replace("{count}", "some")


def everything() -> Iterator[EngineRule]:
    """All rules of the engines whose selection is a table of ours, each once."""
    for path in sorted(TABLES.glob("*.json")):
        found = table(path.stem)
        yield from dict.fromkeys(found.rules.values())


def explained(word: str) -> RuleInfo | None:
    """The rule of another tool that is called so, ``ruff S506`` or ``ruff:S506``; None for other words."""
    engine, _, code = word.strip().replace(":", " ", 1).partition(" ")
    if engine.lower() not in RANK or not (TABLES / f"{engine.lower()}.json").exists():
        return None
    found = {name.lower(): rule for name, rule in table(engine.lower()).rules.items()}
    rule = found.get(code.strip().lower())
    return rule.info if rule else None
