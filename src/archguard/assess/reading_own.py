"""Reads archguard's own SARIF back: nearly all of a finding is in it, only inventory and controls are not."""

from __future__ import annotations

from typing import get_args

import msgspec
from msgspec.structs import replace

from archguard.assess.reading_foreign import read_foreign
from archguard.assess.reading_json import at, listed, text, texts, whole
from archguard.assess.reading_paths import Paths, place
from archguard.assess.safe_text import safe_line
from archguard.model.finding import Confidence, Edit, Finding, Fix, Hop, Member, Severity
from archguard.model.place import Span
from archguard.model.rule import Meta, RuleInfo, Surface
from archguard.model.run import Commit, Failure, FailureKind, Novelty, Run, Suppression, Triaged

OWN = "archguard"
_SEVERITIES = {str(severity): severity for severity in Severity}
_CONFIDENCES = {str(confidence): confidence for confidence in Confidence}
_SURFACES: dict[str, Surface] = {"alert": "alert", "report": "report"}
_NOVELTY: dict[str, Novelty] = {"new": "new", "unchanged": "known", "updated": "known", "absent": "fixed"}


def is_own(run: object) -> bool:
    """Whether archguard wrote the SARIF run, be it with another tool's findings."""
    return text(run, "automationDetails", "id").startswith(OWN + "/")


def read_own(run: object, name: str, root: str) -> Run:
    """The SARIF run as a Run."""
    tool = text(run, "tool", "driver", "name")
    paths = Paths(run, root)
    read = [t for item in listed(run, "results") for t in _triaged(item, paths)]
    version = safe_line(text(run, "tool", "driver", "version"))
    properties = at(run, "properties")
    return Run(
        target=text(properties, "target"),
        tool_version=version if tool == OWN else "",
        commit=_commit(run),
        rules=_rules(run, name, root),
        findings=tuple(t for t in read if not t.suppressed_by),
        suppressed=tuple(t for t in read if t.suppressed_by),
        unused_suppressions=_unused(run, paths),
        failures=_failures(run, paths),
        since=text(properties, "since"),
        engines=() if tool == OWN else ((tool, version),),
        prefix=text(properties, "prefix"),
    )


def _commit(run: object) -> Commit:
    control = at(run, "versionControlProvenance", 0)
    properties = at(run, "properties")
    return Commit(
        text(properties, "commit") or text(control, "revisionId"),
        text(properties, "branch") or text(control, "branch"),
        text(properties, "date"),
        text(control, "repositoryUri"),
        at(properties, "dirty") is True,
    )


def _rules(run: object, name: str, root: str) -> tuple[RuleInfo, ...]:
    """The rules with their whole metadata; one without it is read like another tool's."""
    own = [info for item in listed(run, "tool", "driver", "rules") if (info := _rule(item))]
    known = {info.id for info in own}
    others = [_renamed(info) for info in read_foreign(run, name, root).rules]
    return tuple(sorted([*own, *(i for i in others if i.id not in known)], key=lambda info: info.id))


def _renamed(info: RuleInfo) -> RuleInfo:
    """The rule under the id it has in our own files, where it is written out in full."""
    return replace(info, meta=replace(info.meta, id=info.id.partition(" ")[2]))


def _rule(found: object) -> RuleInfo | None:
    own = at(found, "properties", OWN)
    try:
        meta = msgspec.convert(at(own, "meta"), Meta)
    except msgspec.ValidationError:
        return None
    title = text(found, "shortDescription", "text")
    doc = text(own, "doc") or text(found, "help", "markdown")
    return RuleInfo(meta, text(found, "name"), text(own, "area"), title, doc, text(own, "module"))


# --- findings -------------------------------------------------------------------------------------


def _triaged(result: object, paths: Paths) -> list[Triaged]:
    """The result's finding, and those of the same rule on the same line that it tells of."""
    location = at(result, "locations", 0)
    span = paths.span(location)
    if span is None:
        return []
    context = at(location, "physicalLocation", "contextRegion")
    excerpt = tuple(text(context, "snippet", "text").removesuffix("\n").split("\n")) if context else ()
    main = Triaged(
        finding=_finding(result, span, at(result, "properties"), paths),
        service=text(result, "properties", "service"),
        fingerprint=text(result, "partialFingerprints", "archguard/v1"),
        line_hash=text(result, "partialFingerprints", "primaryLocationLineHash"),
        excerpt=excerpt,
        excerpt_line=whole(context, "startLine"),
        novelty=_NOVELTY.get(text(result, "baselineState"), "unknown"),
        new_members=texts(result, "properties", "newMembers"),
        suppressed_by=_suppression(result, paths),
    )
    return [main, *(_unfolded(main, item) for item in listed(result, "properties", "sameLine"))]


def _unfolded(main: Triaged, item: object) -> Triaged:
    span = Span(main.finding.span.path, place(at(item, "region")))
    bare = replace(
        main.finding, span=span, members=(), related=(), fix=_fix(item, None), message=text(item, "message")
    )
    finding = _with_properties(bare, item)
    return replace(
        main, finding=finding, fingerprint=text(item, "fingerprint"), new_members=texts(item, "newMembers")
    )


def _finding(result: object, span: Span, properties: object, paths: Paths) -> Finding:
    related = {whole(item, "id"): item for item in listed(result, "relatedLocations")}
    lines = text(result, "message", "text").split("\n")
    bare = Finding(
        rule=text(result, "ruleId"),
        key="",
        span=span,
        message="\n".join(lines[: whole(properties, "messageLines", default=1)]),
        severity=Severity.LOW,
        members=tuple(
            member
            for item in listed(properties, "members")
            if (member := _member(item, related, result, paths))
        ),
        related=tuple(
            hop
            for number in listed(properties, "related")
            if isinstance(number, int) and (hop := _hop(related.get(number), paths))
        ),
        fix=_fix(properties, paths, result),
    )
    return _with_properties(bare, properties)


def _with_properties(finding: Finding, properties: object) -> Finding:
    evidence = ((text(pair, 0), text(pair, 1)) for pair in listed(properties, "evidence"))
    return replace(
        finding,
        key=text(properties, "key"),
        severity=_SEVERITIES.get(text(properties, "severity"), Severity.MEDIUM),
        confidence=_CONFIDENCES.get(text(properties, "confidence"), Confidence.MEDIUM),
        sources=texts(properties, "sources") or (OWN,),
        evidence=tuple(evidence),
        surface=_SURFACES.get(text(properties, "surface"), ""),
    )


def _hop(location: object, paths: Paths) -> Hop | None:
    span = paths.span(location)
    return Hop(span, text(location, "message", "text")) if span else None


def _member(item: object, related: dict[int, object], result: object, paths: Paths) -> Member | None:
    hop = _hop(related.get(whole(item, "location")), paths)
    if hop is None:
        return None
    flow = at(result, "codeFlows", whole(item, "flow", default=-1), "threadFlows", 0)
    steps = (_hop(at(step, "location"), paths) for step in listed(flow, "locations"))
    return Member(text(item, "key"), hop.text, hop.span, tuple(step for step in steps if step))


def _fix(properties: object, paths: Paths | None, result: object = None) -> Fix | None:
    found = at(properties, "fix")
    if found is None:
        return None
    changes = listed(result, "fixes", 0, "artifactChanges") if paths else []
    edits = tuple(
        Edit(Span(where.path, place(at(item, "deletedRegion"))), text(item, "insertedContent", "text"))
        for change in changes
        if paths and (where := paths.span({"physicalLocation": change}))
        for item in listed(change, "replacements")
    )
    return Fix(text(found, "description"), text(found, "code"), edits)


def _suppression(result: object, paths: Paths) -> Suppression | None:
    found = at(result, "suppressions", 0)
    span = paths.span(at(found, "location"))
    if span is None:
        return None
    until = text(found, "properties", "until")
    return Suppression(span, (text(result, "ruleId"),), text(found, "justification"), until, used=1)


# --- notifications --------------------------------------------------------------------------------


def _failures(run: object, paths: Paths) -> tuple[Failure, ...]:
    return tuple(
        _failure(note, paths)
        for invocation in listed(run, "invocations")
        for note in listed(invocation, "toolExecutionNotifications")
    )


def _failure(note: object, paths: Paths) -> Failure:
    named = text(note, "descriptor", "id")
    kinds: tuple[FailureKind, ...] = get_args(FailureKind)
    kind: FailureKind = next((kind for kind in kinds if kind == named), "path")
    return Failure(
        kind,
        text(note, "properties", "subject") or named or "SARIF",
        text(note, "properties", "reason") or text(note, "message", "text"),
        text(note, "level") == "error",
        paths.span(at(note, "locations", 0)),
    )


def _unused(run: object, paths: Paths) -> tuple[Suppression, ...]:
    return tuple(
        Suppression(
            span,
            texts(note, "properties", "rules"),
            text(note, "properties", "reason"),
            text(note, "properties", "until"),
        )
        for invocation in listed(run, "invocations")
        for note in listed(invocation, "toolConfigurationNotifications")
        if text(note, "descriptor", "id") == "unused-suppression"
        and (span := paths.span(at(note, "locations", 0)))
    )
