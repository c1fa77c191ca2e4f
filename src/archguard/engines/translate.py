"""What engines found as findings: our words, a key without lines, and a place in our facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from archguard.engines.adapter import Collected, Hit
from archguard.engines.catalogue import EngineRule
from archguard.engines.conditions import excused
from archguard.model.facts import FileFacts, PythonFacts
from archguard.model.finding import Finding, Fix, Member
from archguard.model.place import Span
from archguard.model.rule import Surface


class Heard(msgspec.Struct, frozen=True):
    """What the engines said, in our terms, and the rules that they looked with, by id.

    Findings of the rules that are ``supporting`` are never more than witnesses of others.
    """

    findings: tuple[Finding, ...] = ()
    rules: Mapping[str, EngineRule] = {}
    supporting: frozenset[str] = frozenset()


def heard(collected: Collected, facts: Mapping[str, FileFacts], surface: Surface) -> Heard:
    """What was collected as findings; on the surface ``alert`` what has not earned it only supports."""
    by_id = {rule.id: rule for rules in collected.rules.values() for rule in rules.values()}
    supporting = (
        rule.id
        for rule in by_id.values()
        if not rule.alone or (surface == "alert" and rule.info.meta.surface == "report")
    )
    findings = tuple(findings_of(collected.hits, collected.rules, facts))
    return Heard(findings, by_id, frozenset(supporting))


MEASURE = "measure"
"""The name of the evidence that holds an engine's number."""


def findings_of(
    hits: Iterable[tuple[str, Hit]],
    rules: Mapping[str, Mapping[str, EngineRule]],
    facts: Mapping[str, FileFacts],
) -> Iterator[Finding]:
    """One finding for each hit; several of one rule in one function are told apart by their order."""
    seen: Counter[tuple[str, str]] = Counter()
    for engine, hit in hits:
        rule = rules[engine][hit.code]
        if excused(rule.unless, facts.get(hit.path), hit.place.line):
            continue
        scope = _scope(facts.get(hit.path), hit.place.line)
        key = ":".join(part for part in (hit.path, scope, hit.label) if part)
        seen[rule.id, key] += 1
        number = seen[rule.id, key]
        yield _finding(f"{engine} {hit.code}", rule, hit, key if number == 1 else f"{key}#{number}", scope)


def _finding(witness: str, rule: EngineRule, hit: Hit, key: str, scope: str) -> Finding:
    span = Span(hit.path, hit.place)
    label = hit.label or scope or hit.path
    member = Member(key, f"{label}: {hit.measure}" if hit.measure else label, span)
    return Finding(
        rule.id,
        key,
        span,
        _said(rule, hit, hit.label or scope.rpartition(".")[2]),
        rule.info.meta.severity,
        rule.info.meta.confidence,
        members=(member,) if rule.per == "service" else (),
        sources=(witness,),
        evidence=((MEASURE, str(hit.measure)),) if hit.measure else (),
        fix=Fix(rule.fix) if rule.fix else None,
    )


def _said(rule: EngineRule, hit: Hit, label: str) -> str:
    if "{label}" in rule.one and not label:
        return rule.info.title
    return rule.one.replace("{label}", label).replace("{measure}", str(hit.measure))


def _scope(facts: FileFacts | None, line: int) -> str:
    """The qualified name, within its module, of the innermost function or class around a line."""
    if not isinstance(facts, PythonFacts):
        return ""
    inside = [
        (scope.place.end_line - scope.place.line, -index, index)
        for index, scope in enumerate(facts.scopes)
        if index and scope.kind != "lambda" and scope.place.line <= line <= scope.place.end_line
    ]
    index = min(inside)[2] if inside else 0
    names: list[str] = []
    while index > 0:
        names.append(facts.scopes[index].name)
        index = facts.scopes[index].parent
    return ".".join(reversed(names))
