"""What is different from an earlier run. Only what both runs looked at can be new or fixed."""

from __future__ import annotations

from collections.abc import Mapping

from archguard.assess.areas import open_findings
from archguard.model.assessment import Change, Grade
from archguard.model.run import Run, Triaged


def changes_between(previous: Run, run: Run, previous_grade: Grade | None) -> Change:
    """The findings of the run against those of an earlier one, by identity."""
    before = {triaged.fingerprint: triaged for triaged in open_findings(previous)}
    now = {triaged.fingerprint: triaged for triaged in open_findings(run)}
    rules_before, rules_now = _looked(previous), _looked(run)
    added = [t for key, t in now.items() if key not in before]
    gone = [t for key, t in before.items() if key not in now]
    silenced = {triaged.fingerprint for triaged in run.suppressed}
    return Change(
        previous_commit=previous.commit.hash,
        previous_grade=previous_grade,
        new=tuple(t for t in added if t.finding.rule in rules_before),
        fixed=tuple(_said(t) for t in gone if t.finding.rule in rules_now and t.fingerprint not in silenced),
        unchanged=sum(1 for key, t in now.items() if key in before and not _worse(before[key], t)),
        regressed=_regressed(before, now),
        first_seen=tuple(t for t in added if t.finding.rule not in rules_before),
        not_looked_at=tuple(_said(t) for t in gone if t.finding.rule not in rules_now),
        suppressed=tuple(_said(t) for t in gone if t.fingerprint in silenced),
    )


def _regressed(before: Mapping[str, Triaged], now: Mapping[str, Triaged]) -> tuple[Triaged, ...]:
    return tuple(t for key, t in now.items() if key in before and _worse(before[key], t))


def _worse(before: Triaged, now: Triaged) -> bool:
    """It is more severe than it was, or reaches something that it did not reach."""
    known = {member.key for member in before.finding.members}
    grown = any(member.key not in known for member in now.finding.members)
    return now.finding.severity > before.finding.severity or grown


def _looked(run: Run) -> set[str]:
    """The ids of the rules that ran; without any list of rules, those that found something."""
    crashed = {failure.subject for failure in run.failures if failure.kind == "rule"}
    listed = {info.id for info in run.rules if not {info.id, info.name, info.module} & crashed}
    return listed or {triaged.finding.rule for triaged in run.findings}


def _said(triaged: Triaged) -> str:
    finding = triaged.finding
    return f"{finding.rule} in {finding.span.path}: {finding.message.splitlines()[0]}"
