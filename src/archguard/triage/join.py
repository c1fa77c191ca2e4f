"""The same defect seen by several tools is one finding with its witnesses.

Two findings are about the same where they have one topic (a rule of archguard, or what an engine's rule
amounts to) and stand in one statement. Archguard speaks first. Where its own rule has looked, an engine's
finding only supports: what that rule lets pass it lets pass for a reason.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping

import msgspec
from msgspec.structs import replace

from archguard.engines.catalogue import LINEAGES, RANK, engine_of
from archguard.model.facts import FileFacts, PythonFacts, SqlFacts
from archguard.model.finding import Confidence, Finding
from archguard.triage.identity import OWN, SECRET_RULES

Lines = tuple[int, int]
"""First and last line, both included."""


class Joined(msgspec.Struct, frozen=True):
    """Findings with their witnesses; by engine, how many became one and how many archguard lets pass."""

    findings: tuple[Finding, ...]
    joined: Mapping[str, int]
    left: Mapping[str, int]


def join(
    findings: Iterable[Finding],
    facts: Mapping[str, FileFacts],
    topic_of: Callable[[str], str],
    ran: Collection[str],
    supporting: Collection[str] = (),
) -> Joined:
    """``topic_of`` says what a rule is about, ``ran`` which of archguard's rules have looked.

    ``supporting`` are rules of engines that are never more than witnesses.
    """
    speakers: dict[tuple[str, str], list[_Speaker]] = defaultdict(list)
    statements = _Statements(facts)
    joined, left = Counter[str](), Counter[str]()
    for finding in sorted(findings, key=_order):
        topic = topic_of(finding.rule)
        there = speakers[topic, finding.span.path]
        lines, statement = _lines(finding), statements.around(finding)
        if OWN not in finding.sources:
            engine = engine_of(finding.sources[0])
            if speaker := _same(there, lines, statement, engine):
                joined[engine] += 1
                speaker.witnesses.append(finding)
                continue
            if topic in ran or finding.rule in supporting:
                left[engine] += 1
                continue
        there.append(_Speaker(finding, lines, statement))
    heard = (speaker for there in speakers.values() for speaker in there)
    return Joined(tuple(_united(s.finding, s.witnesses) for s in heard), joined, left)


class _Speaker:
    """The first finding of a defect, and those that say the same."""

    def __init__(self, finding: Finding, lines: Lines, statement: Lines) -> None:
        self.finding, self.lines, self.statement = finding, lines, statement
        self.witnesses: list[Finding] = []

    def heard(self, engine: str) -> bool:
        """Whether this engine has said it already."""
        return any(
            engine_of(source) == engine for f in (self.finding, *self.witnesses) for source in f.sources
        )


def _same(there: list[_Speaker], lines: Lines, statement: Lines, engine: str) -> _Speaker | None:
    """The finding on the same lines; else one in the same statement of which this engine has not spoken.

    A statement may be a table of a hundred lines, in which an engine finds several things.
    """
    for speaker in there:
        if _touch(speaker.lines, lines):
            return speaker
    return next((s for s in there if _touch(s.statement, statement) and not s.heard(engine)), None)


def _touch(one: Lines, other: Lines) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def _lines(finding: Finding) -> Lines:
    return finding.span.place.line, finding.span.place.end_line


def _order(finding: Finding) -> tuple[bool, int, object, str, str]:
    """Archguard's own first, then by the rank of the engine, then by place."""
    own = OWN in finding.sources
    engine = "" if own else engine_of(finding.sources[0])
    rank = RANK.index(engine) if engine in RANK else len(RANK)
    return not own, rank, finding.span, finding.rule, finding.key


class _Statements:
    """The lines of the statement around a place; worked out for a file when one is asked for."""

    def __init__(self, facts: Mapping[str, FileFacts]) -> None:
        self._facts = facts
        self._long: dict[str, list[Lines]] = {}

    def around(self, finding: Finding) -> Lines:
        """The outermost of what is evaluated as one and holds the line, else the finding's own lines."""
        path, lines = finding.span.path, _lines(finding)
        if path not in self._long:
            self._long[path] = sorted(set(_long(self._facts.get(path))))
        outer = next((each for each in self._long[path] if each[0] <= lines[0] <= each[1]), lines)
        return min(outer[0], lines[0]), max(outer[1], lines[1])


def _long(facts: FileFacts | None) -> Iterable[Lines]:
    """What spans several lines and is evaluated as one."""
    if isinstance(facts, SqlFacts):
        return ((s.place.line, s.place.end_line) for s in facts.statements)
    if not isinstance(facts, PythonFacts):
        return ()
    places = (event.place for scope in facts.scopes for event in scope.events)
    return ((place.line, place.end_line) for place in places if place.end_line > place.line)


# --- uniting ----------------------------------------------------------------------------------------


def _united(finding: Finding, witnesses: list[Finding]) -> Finding:
    if not witnesses:
        return finding
    sources = tuple(dict.fromkeys([*finding.sources, *(s for w in witnesses for s in w.sources)]))
    secret = finding.rule in SECRET_RULES
    said = () if secret else ((w.sources[0], w.message) for w in witnesses if w.message != finding.message)
    return replace(
        finding,
        confidence=_surer(finding.confidence, {engine_of(source) or OWN for source in sources}),
        sources=sources,
        evidence=tuple(dict.fromkeys([*finding.evidence, *said])),
        fix=finding.fix or next((w.fix for w in witnesses if w.fix), None),
    )


def _surer(confidence: Confidence, engines: set[str]) -> Confidence:
    """One step surer where tools agree that have not copied from each other."""
    independent = len(engines) > 1 and not any(engines <= lineage for lineage in LINEAGES)
    return Confidence(min(confidence + 1, Confidence.HIGH)) if independent else confidence
