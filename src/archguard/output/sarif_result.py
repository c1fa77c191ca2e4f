"""One SARIF result from the findings of one rule on one line."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain as joined

from archguard.assess.safe_text import safe, safe_line
from archguard.model.finding import Edit, Finding, Fix, Hop, Member, Severity
from archguard.model.rule import RuleInfo
from archguard.model.run import Suppression, Triaged
from archguard.output.sarif_places import Json, artifact, line_region, location, primary_location, region

MAX_HOPS = 20
MAX_FLOWS = 10
MAX_LINKED = 50
"""How many members, and how many further places, a result links; the sidecar has all."""

LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
}

_BASELINE = {"new": "new", "known": "unchanged", "fixed": "absent"}


def result(group: Sequence[Triaged], index: int, info: RuleInfo | None) -> Json:
    """The result of the group's first finding, which also tells of the others.

    Code scanning takes two results of one rule on one line for the same alert, so they are one here.
    """
    triaged, *others = group
    finding = triaged.finding
    links = _Links(triaged)
    value: Json = {
        "ruleId": safe_line(finding.rule),
        "ruleIndex": index,
        "level": LEVELS[finding.severity],
        "message": {"text": _message(triaged, others, links)},
        "locations": [primary_location(finding.span, triaged.excerpt, triaged.excerpt_line)],
        "partialFingerprints": _fingerprints(triaged),
    }
    if links.locations:
        value["relatedLocations"] = links.locations
    if flows := [_flow(member.chain) for member in links.flows]:
        value["codeFlows"] = flows
    if finding.fix and finding.fix.edits:
        value["fixes"] = [_fix(finding.fix)]
    if novelty := "updated" if triaged.new_members else _BASELINE.get(triaged.novelty):
        value["baselineState"] = novelty
    if triaged.suppressed_by:
        value["suppressions"] = [_suppression(triaged.suppressed_by)]
    properties = _properties(triaged, links) | _effort(triaged, info)
    if others:
        properties["sameLine"] = [_folded(other) for other in others]
    return value | {"properties": properties}


class _Links:
    """The related locations of a finding, numbered from 1 so that its message can link to them.

    First the hops of the shortest chain, then the members, then what else is worth opening.
    """

    def __init__(self, triaged: Triaged) -> None:
        finding = triaged.finding
        self.chain = _shortened(finding.chain)
        self.members = finding.members[:MAX_LINKED]
        self.related = finding.related[:MAX_LINKED]
        self.flows = _flows(self.members, finding.chain)
        texts = joined(
            ((hop.span, hop.text) for hop in self.chain),
            ((member.span, member.label) for member in self.members),
            ((hop.span, hop.text) for hop in self.related),
        )
        self.locations = [location(span, text, number) for number, (span, text) in enumerate(texts, start=1)]
        self.first_member = len(self.chain) + 1
        self.first_related = self.first_member + len(self.members)


def _flows(members: tuple[Member, ...], shortest: tuple[Hop, ...]) -> list[Member]:
    """The members whose chains are written out, the shortest chain first."""
    with_chain = [member for member in members if member.chain]
    with_chain.sort(key=lambda member: member.chain != shortest)
    return with_chain[:MAX_FLOWS]


def _shortened(hops: tuple[Hop, ...]) -> tuple[Hop, ...]:
    """Both ends of a chain that is too long."""
    half = MAX_HOPS // 2
    return hops if len(hops) <= MAX_HOPS else hops[:half] + hops[-half:]


def _flow(hops: tuple[Hop, ...]) -> Json:
    steps = [{"location": location(hop.span, hop.text)} for hop in _shortened(hops)]
    return {"threadFlows": [{"locations": steps}]}


# --- the message ----------------------------------------------------------------------------------


def _message(triaged: Triaged, others: Sequence[Triaged], links: _Links) -> str:
    """The finding's own words, then what leads to it with a link for each step."""
    finding = triaged.finding
    parts = [_own_words(finding)]
    if len(links.members) > 1 or (links.members and not links.chain):
        parts.append(_members_sentence(triaged, links))
    if links.chain:
        steps = (_link(hop.text, number) for number, hop in enumerate(links.chain, start=1))
        parts.append(f"The shortest way there: {' → '.join(steps)}.")
    if links.related:
        steps = (_link(hop.text, number) for number, hop in enumerate(links.related, links.first_related))
        parts.append(f"See also {'; '.join(steps)}.")
    if finding.fix and finding.fix.description:
        parts.append(f"Fix: {_unlinked(safe(finding.fix.description))}")
    parts += [f"Also on this line: {_unlinked(_lead(other))}" for other in others[:MAX_FLOWS]]
    if witnesses := [safe_line(source) for source in finding.sources if source != "archguard"]:
        parts.append(
            f"Reported by {', '.join(witnesses)} too." if len(finding.sources) > len(witnesses) else ""
        )
    return "\n".join(part for part in parts if part)


def _own_words(finding: Finding) -> str:
    return _unlinked(safe(finding.message).strip() or safe_line(finding.rule))


def _members_sentence(triaged: Triaged, links: _Links) -> str:
    total = len(triaged.finding.members)
    named = [_link(m.label, number) for number, m in enumerate(links.members, links.first_member)]
    more = f" and {total - len(named)} more" if total > len(named) else ""
    return f"{'Reached from' if links.chain else 'Concerns'} {', '.join(named)}{more}."


def _lead(triaged: Triaged) -> str:
    return safe(triaged.finding.message).strip().partition("\n")[0]


def _link(text: str, number: int) -> str:
    """An embedded link; brackets inside its text are escaped as the standard says."""
    escaped = safe_line(text).replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
    return f"[{escaped}]({number})"


def _unlinked(text: str) -> str:
    """Text that a viewer does not take for a link, whatever the code under review is called."""
    return text.replace("](", "] (")


# --- identity, fix, suppression, properties -------------------------------------------------------


def _fingerprints(triaged: Triaged) -> Json:
    prints: Json = {"archguard/v1": triaged.fingerprint}
    return prints | {"primaryLocationLineHash": triaged.line_hash} if triaged.line_hash else prints


def _fix(fix: Fix) -> Json:
    paths = sorted({edit.span.path for edit in fix.edits})
    changes = [
        {
            "artifactLocation": artifact(path),
            "replacements": [
                _replacement(edit) for edit in sorted(fix.edits, key=_place) if edit.span.path == path
            ],
        }
        for path in paths
    ]
    return {"description": {"text": safe(fix.description) or "Apply the edits."}, "artifactChanges": changes}


def _place(edit: Edit) -> tuple[object, str]:
    return (edit.span, edit.text)


def _replacement(edit: Edit) -> Json:
    replacement: Json = {"deletedRegion": region(edit.span.place)}
    return replacement | {"insertedContent": {"text": safe(edit.text)}} if edit.text else replacement


def _suppression(suppression: Suppression) -> Json:
    value: Json = {"kind": "inSource", "status": "accepted", "location": location(suppression.span)}
    if suppression.reason:
        value["justification"] = safe(suppression.reason)
    if suppression.until:
        value["properties"] = {"until": safe_line(suppression.until)}
    return value


def _properties(triaged: Triaged, links: _Links | None = None) -> Json:
    """What SARIF has no place for, so that the finding can be read back from here."""
    finding = triaged.finding
    value: Json = {
        "key": safe(finding.key),
        "service": safe(triaged.service),
        "severity": str(finding.severity),
        "confidence": str(finding.confidence),
        "sources": [safe_line(source) for source in finding.sources],
        "messageLines": _own_words(finding).count("\n") + 1,
    }
    if finding.surface:
        value["surface"] = finding.surface
    if finding.evidence:
        value["evidence"] = [[safe(name), safe(text)] for name, text in finding.evidence]
    if triaged.new_members:
        value["newMembers"] = [safe(key) for key in triaged.new_members]
    if finding.fix:
        value["fix"] = {"description": safe(finding.fix.description), "code": safe(finding.fix.code)}
    if links and finding.members:
        value["members"] = _member_properties(links)
        value["memberCount"] = len(finding.members)
    if links and links.related:
        value["related"] = list(range(links.first_related, links.first_related + len(links.related)))
    return value


def _member_properties(links: _Links) -> list[Json]:
    """Each member's key, the number of its related location and of its code flow."""
    flows = {member.key: number for number, member in enumerate(links.flows)}
    return [
        {"key": safe(member.key), "location": number}
        | ({"flow": flows[member.key]} if member.key in flows else {})
        for number, member in enumerate(links.members, links.first_member)
    ]


def _effort(triaged: Triaged, info: RuleInfo | None) -> Json:
    if info is None:
        return {}
    effort = info.meta.effort
    places = max(len(triaged.finding.members) - 1, 0)
    return {"effortHours": round(effort.base + effort.per_place * places, 2)}


def _folded(triaged: Triaged) -> Json:
    """A further finding of the same rule on the same line, without its places."""
    return {
        "fingerprint": triaged.fingerprint,
        "message": safe(triaged.finding.message),
        "region": line_region(triaged.finding.span.place),
    } | _properties(triaged)
