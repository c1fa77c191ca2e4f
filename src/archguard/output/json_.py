"""A run as plain JSON, for scripts: stable names, lower-case words, no references to follow.

The outermost object has ``schema`` (raised when a name changes its meaning; names may be added),
``tool``, ``target``, ``commit``, ``since``, ``summary`` (counts by severity and novelty),
``findings``, ``suppressed`` (findings with the ``suppression`` that hides them),
``unusedSuppressions``, ``controls``, ``failures`` and ``stats``. A place is ``file``, ``line``,
``column``, ``endLine`` and ``endColumn``; columns are UTF-16 code units from 1, the end exclusive.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import msgspec

from archguard.assess.safe_text import safe_value
from archguard.model.finding import Control, Fix, Hop, Member
from archguard.model.place import Span
from archguard.model.run import Commit, Failure, Run, Suppression, Triaged
from archguard.output.sarif_limits import rank

Json = dict[str, object]

SCHEMA = 1


def render(run: Run) -> bytes:
    """The file's content, indented, worst findings first."""
    names = {info.id: info.name for info in run.rules}
    findings = sorted(run.findings, key=rank)
    value: Json = {
        "schema": SCHEMA,
        "tool": {"name": "archguard", "version": run.tool_version},
        "target": run.target,
        "commit": _commit(run.commit),
        "since": run.since,
        "summary": _summary(run, findings),
        "findings": [_finding(triaged, names) for triaged in findings],
        "suppressed": [_finding(triaged, names) for triaged in sorted(run.suppressed, key=rank)],
        "unusedSuppressions": [_suppression(item) for item in run.unused_suppressions],
        "controls": [_control(control) for control in run.controls],
        "failures": [_failure(failure) for failure in run.failures],
        "stats": msgspec.to_builtins(run.stats),
    }
    return msgspec.json.format(msgspec.json.encode(safe_value(value)), indent=2) + b"\n"


def _summary(run: Run, findings: Sequence[Triaged]) -> Json:
    severities = Counter(str(triaged.finding.severity) for triaged in findings)
    return {
        "findings": len(findings),
        **{severity: severities[severity] for severity in ("critical", "high", "medium", "low")},
        "new": sum(triaged.novelty == "new" for triaged in findings),
        "fixed": run.fixed,
        "suppressed": len(run.suppressed),
    }


def _finding(triaged: Triaged, names: dict[str, str]) -> Json:
    finding = triaged.finding
    value: Json = {
        "rule": finding.rule,
        "name": names.get(finding.rule, ""),
        "severity": str(finding.severity),
        "confidence": str(finding.confidence),
        "message": finding.message,
        **_place(finding.span),
        "service": triaged.service,
        "fingerprint": triaged.fingerprint,
        "key": finding.key,
        "novelty": triaged.novelty,
        "newMembers": list(triaged.new_members),
        "sources": list(finding.sources),
        "chain": _hops(finding.chain),
        "members": [_member(member) for member in finding.members],
        "related": _hops(finding.related),
        "evidence": [{"name": name, "value": text} for name, text in finding.evidence],
        "excerpt": {"line": triaged.excerpt_line, "lines": list(triaged.excerpt)},
        "fix": _fix(finding.fix) if finding.fix else None,
    }
    return value | ({"suppression": _suppression(triaged.suppressed_by)} if triaged.suppressed_by else {})


def _place(span: Span) -> Json:
    place = span.place
    return {
        "file": span.path,
        "line": place.line,
        "column": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
    }


def _hops(hops: tuple[Hop, ...]) -> list[Json]:
    return [{**_place(hop.span), "text": hop.text} for hop in hops]


def _member(member: Member) -> Json:
    return {"key": member.key, "label": member.label, **_place(member.span), "chain": _hops(member.chain)}


def _fix(fix: Fix) -> Json:
    edits = [{**_place(edit.span), "text": edit.text} for edit in fix.edits]
    return {"description": fix.description, "code": fix.code, "edits": edits}


def _suppression(suppression: Suppression) -> Json:
    return {
        **_place(suppression.span),
        "rules": list(suppression.rules),
        "reason": suppression.reason,
        "until": suppression.until,
    }


def _control(control: Control) -> Json:
    return {
        "rule": control.rule,
        "key": control.key,
        "subject": control.subject,
        "state": control.state,
        "reason": control.reason,
        "locations": [_place(span) for span in control.locations],
    }


def _failure(failure: Failure) -> Json:
    return {
        "kind": failure.kind,
        "subject": failure.subject,
        "reason": failure.reason,
        "fatal": failure.fatal,
        "place": _place(failure.span) if failure.span else None,
    }


def _commit(commit: Commit) -> Json:
    return {
        "hash": commit.hash,
        "branch": commit.branch,
        "date": commit.date,
        "url": commit.url,
        "dirty": commit.dirty,
    }
