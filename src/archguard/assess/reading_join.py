"""Many runs made one: what several of them say is said once, and nothing any of them says is lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TypeVar

from msgspec.structs import replace

from archguard.model.finding import Severity
from archguard.model.inventory import Inventory
from archguard.model.program import Service
from archguard.model.rule import RuleInfo
from archguard.model.run import Commit, Failure, Run, Stats, Triaged
from archguard.triage.identity import Identity, service_name
from archguard.triage.settle import in_order

T = TypeVar("T")


def join(runs: Sequence[Run]) -> Run:
    """One run. Where two tell of the same thing, the earlier one is believed."""
    inventory = _inventory([run.inventory for run in runs])
    services = tuple(Service(row.name, row.root) for row in inventory.services)
    commit, conflict = _commit(runs)
    suppressed = _joined(_settled(t, services) for run in runs for t in run.suppressed)
    findings = _joined(_settled(t, services) for run in runs for t in run.findings)
    return Run(
        target=_common(run.target for run in runs),
        tool_version=next((run.tool_version for run in runs if run.tool_version), ""),
        commit=commit,
        rules=tuple(sorted(_unique((r for run in runs for r in run.rules), _rule), key=_rule)),
        findings=findings,
        suppressed=suppressed,
        unused_suppressions=tuple(
            _unique((s for run in runs for s in run.unused_suppressions), lambda s: (s.span, s.rules))
        ),
        controls=tuple(
            _unique((c for run in runs for c in run.controls), lambda c: (c.rule, c.key, c.subject))
        ),
        inventory=inventory,
        failures=tuple(
            _unique((f for run in runs for f in run.failures), lambda f: (f.kind, f.subject, f.reason))
        )
        + conflict,
        stats=_stats([run.stats for run in runs]),
        since=next((run.since for run in runs if run.since), ""),
        fixed=sum(run.fixed for run in runs),
        fail_on=next((run.fail_on for run in runs if run.tool_version), Severity.HIGH),
        prefix=_prefix(runs),
        engines=tuple(sorted(_unique((e for run in runs for e in run.engines), lambda e: e[0]))),
    )


def _common(texts: Iterable[str]) -> str:
    """What all say that say anything, or nothing."""
    said = {text for text in texts if text}
    return said.pop() if len(said) == 1 else ""


def _prefix(runs: Sequence[Run]) -> str:
    """The folder that archguard's runs are about, or the repository where they are about several."""
    prefixes = {run.prefix for run in runs if run.tool_version}
    return prefixes.pop() if len(prefixes) == 1 else ""


def _unique(items: Iterable[T], key: Callable[[T], Hashable]) -> list[T]:
    """The first of each key, in order."""
    found: dict[Hashable, T] = {}
    for item in items:
        found.setdefault(key(item), item)
    return list(found.values())


def _rule(info: RuleInfo) -> str:
    return info.id


def _settled(triaged: Triaged, services: Iterable[Service]) -> Triaged:
    """With an identity; findings of other tools come without."""
    if triaged.fingerprint:
        return triaged
    finding = triaged.finding
    service = service_name(services, finding.span.path)
    fingerprint = Identity(service, finding.rule, finding.key).fingerprint
    return replace(triaged, service=service, fingerprint=fingerprint)


def _joined(findings: Iterable[Triaged]) -> tuple[Triaged, ...]:
    """Each identity once, with all witnesses and members; by place.

    Of suppressed ones, each once for every comment that hides some of its members.
    """
    found: dict[Hashable, Triaged] = {}
    for triaged in findings:
        by = triaged.suppressed_by
        known = found.get(key := (triaged.fingerprint, by and by.span))
        found[key] = _both(known, triaged) if known else triaged
    witnessed = {
        (source, t.finding.span.path, t.finding.span.line)
        for t in found.values()
        for source in t.finding.sources
        if source != t.finding.rule
    }
    return in_order(t for t in found.values() if _alone(t) not in witnessed)


def _alone(triaged: Triaged) -> tuple[str, str, int]:
    """How a finding of another tool would be named as the witness of one of ours."""
    finding = triaged.finding
    return finding.rule, finding.span.path, finding.span.line


def _both(first: Triaged, second: Triaged) -> Triaged:
    a, b = first.finding, second.finding
    finding = replace(
        a,
        members=tuple(_unique((*a.members, *b.members), lambda member: member.key)),
        sources=tuple(dict.fromkeys((*a.sources, *b.sources))),
    )
    new = tuple(dict.fromkeys((*first.new_members, *second.new_members)))
    return replace(first, finding=finding, new_members=new)


def _inventory(inventories: Sequence[Inventory]) -> Inventory:
    """Every row once, in the order of the runs."""
    tables = {
        name: tuple(dict.fromkeys(row for inventory in inventories for row in getattr(inventory, name)))
        for name in Inventory.__struct_fields__
    }
    return Inventory(**tables)


def _stats(all_stats: Sequence[Stats]) -> Stats:
    gaps: Counter[str] = Counter()
    for stats in all_stats:
        gaps.update(stats.gaps)
    return Stats(
        files=sum(s.files for s in all_stats),
        lines=sum(s.lines for s in all_stats),
        cached=sum(s.cached for s in all_stats),
        functions=sum(s.functions for s in all_stats),
        calls=sum(s.calls for s in all_stats),
        resolved=sum(s.resolved for s in all_stats),
        gaps=dict(sorted(gaps.items())),
        engines=tuple(_unique((each for s in all_stats for each in s.engines), lambda each: each.name)),
    )


def _commit(runs: Sequence[Run]) -> tuple[Commit, tuple[Failure, ...]]:
    """The commit of the first run that names one, and a failure if another names another."""
    named = [run.commit for run in runs if run.commit.hash]
    hashes = list(dict.fromkeys(commit.hash for commit in named))
    if len(hashes) < 2:
        return (named[0] if named else Commit()), ()
    reason = f"the files are of different commits: {', '.join(hash_[:12] for hash_ in hashes)}"
    return named[0], (Failure("file", "input", reason, False),)
