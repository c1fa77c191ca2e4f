"""Many small findings of one kind as one of the service: a reviewer wants one line and the worst places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from archguard.engines.catalogue import EngineRule
from archguard.engines.translate import MEASURE
from archguard.model.finding import Finding
from archguard.model.program import Service
from archguard.triage.identity import OWN, rank, service_name


def is_gathered(finding: Finding, rules: Mapping[str, EngineRule]) -> bool:
    """Whether the finding is one of those of which a service has one."""
    rule = rules.get(finding.rule)
    return rule is not None and rule.per == "service" and OWN not in finding.sources


def gathered(
    findings: Iterable[Finding], rules: Mapping[str, EngineRule], services: Iterable[Service]
) -> list[Finding]:
    """Findings that `is_gathered` takes as one for each service and topic."""
    services = tuple(services)
    groups: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in findings:
        topic = rules[finding.rule].info.topic
        groups[service_name(services, finding.span.path), topic].append(finding)
    return [_one(group, rules) for _, group in sorted(groups.items())]


def _one(group: list[Finding], rules: Mapping[str, EngineRule]) -> Finding:
    """The worst speaks for all; its place is that of the finding."""
    rule = rules[min((finding.rule for finding in group), key=rank)]
    worst = min(group, key=lambda finding: (-_measure(finding), finding.span, finding.key))
    message = rule.says if len(group) > 1 else worst.message
    label = worst.members[0].label.rpartition(": ")[0] or worst.members[0].label
    words = {"{count}": f"{len(group):,}", "{label}": label, "{measure}": str(_measure(worst))}
    for word, value in words.items():
        message = message.replace(word, value)
    return replace(
        worst,
        rule=rule.id,
        key=rule.info.name,
        message=message,
        members=tuple(member for finding in group for member in finding.members),
        sources=tuple(sorted({source for finding in group for source in finding.sources}, key=rank)),
        evidence=(),
    )


def _measure(finding: Finding) -> int:
    return int(dict(finding.evidence).get(MEASURE, "0"))
