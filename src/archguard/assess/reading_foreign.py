"""Reads the SARIF of any other tool: every result becomes a finding, every rule a rule of the report.

Snippets are never taken over, and messages of rules about secrets neither: tools print the values.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from hashlib import sha256

from msgspec.structs import replace

from archguard.assess.foreign_tools import area_of, prints_secrets, tool_name
from archguard.assess.reading_json import at, listed, text, texts, whole
from archguard.assess.reading_paths import Paths
from archguard.assess.safe_text import safe_line
from archguard.model.finding import Confidence, Finding, Hop, Severity
from archguard.model.place import Span
from archguard.model.rule import AREAS, Effort, Meta, RuleInfo
from archguard.model.run import Commit, Failure, Run, Suppression, Triaged

MAX_MESSAGE = 4_000
MAX_RELATED = 20
_SKIPPED_KINDS = frozenset({"pass", "notApplicable", "informational"})
_LEVELS = {"error": Severity.HIGH, "warning": Severity.MEDIUM, "note": Severity.LOW, "none": Severity.LOW}
_WORDS = {str(severity): severity for severity in Severity}
_PRECISION = {"very-high": Confidence.HIGH, "high": Confidence.HIGH, "low": Confidence.LOW}
_PLACEHOLDER_HASHES = frozenset({"", "requires login", "0", "none"})
_CWE = re.compile(r"cwe-0*(\d+)", re.I)


def read_foreign(run: object, name: str, root: str, files: Collection[str] = ()) -> Run:
    """A SARIF run as a Run without services and identities, which are settled when runs are joined.

    ``files`` are paths of the repository that other files name.
    """
    tool = tool_name(safe_line(text(run, "tool", "driver", "name")))
    rules = _Rules(run, tool)
    paths = Paths(run, root, files)
    findings = [f for item in listed(run, "results") if (f := _triaged(item, rules, paths))]
    findings = _keyed(findings)
    version = text(run, "tool", "driver", "semanticVersion") or text(run, "tool", "driver", "version")
    return Run(
        target="",
        tool_version="",
        commit=_commit(run),
        rules=tuple(rules.used()),
        findings=tuple(f for f in findings if not f.suppressed_by),
        suppressed=tuple(f for f in findings if f.suppressed_by),
        failures=(*_failures(run, tool), *_outside(paths, name, tool)),
        engines=((tool, safe_line(version)),),
    )


class _Rules:
    """The rules of a SARIF run, those of its extensions included, by position and by id."""

    def __init__(self, run: object, tool: str) -> None:
        self.tool = tool
        self._driver = listed(run, "tool", "driver", "rules")
        extensions = [rule for item in listed(run, "tool", "extensions") for rule in listed(item, "rules")]
        self._by_id = {text(rule, "id"): rule for rule in reversed([*self._driver, *extensions])}
        self._infos: dict[str, RuleInfo] = {}

    def id_of(self, result: object) -> str:
        index = whole(result, "ruleIndex", default=whole(result, "rule", "index", default=-1))
        named = text(result, "ruleId") or text(result, "rule", "id")
        return safe_line(named or text(at(self._driver, index), "id")) or "unnamed"

    def descriptor(self, rule: str) -> object:
        """The rule's description; ``CA1000/1`` is described by ``CA1000``."""
        return self._by_id.get(rule, self._by_id.get(rule.rpartition("/")[0]))

    def note(self, rule: str, severity: Severity) -> None:
        """Remembers that a result needs the rule."""
        info = self._infos.get(rule)
        if info is None or severity > info.meta.severity:
            self._infos[rule] = _info(self.tool, rule, self.descriptor(rule), severity)

    def used(self) -> list[RuleInfo]:
        return [self._infos[rule] for rule in sorted(self._infos)]


def _info(tool: str, rule: str, found: object, severity: Severity) -> RuleInfo:
    """What the tool says of its rule, in our terms."""
    tags = texts(found, "properties", "tags")
    security = "security" in tags or bool(text(found, "properties", "security-severity"))
    cwe = next((int(match[1]) for tag in tags if (match := _CWE.search(tag))), 0)
    area = text(found, "properties", "archguard", "area")
    described = (
        text(found, "help", "markdown")
        or text(found, "fullDescription", "markdown")
        or text(found, "fullDescription", "text")
        or text(found, "help", "text")
    )
    name = text(found, "properties", "name") or text(found, "name") or rule
    title = _title(found, name)
    return RuleInfo(
        meta=Meta(
            id=f"{tool} {rule}",
            severity=severity,
            surface="report",
            scope="module",
            effort=Effort(0.5, 0.25),
            impact=("security",) if security else ("maintainability",),
            risk="",
            rollout="",
            security=security,
            cwe=cwe,
        ),
        name=safe_line(name)[:200],
        area=area if area in dict(AREAS) else area_of(tool, rule),
        title=title,
        doc=described[: 4 * MAX_MESSAGE] or title,
        module="",
    )


def _title(found: object, name: str) -> str:
    """The tool's short description; a template or none at all is replaced by the name in words."""
    said = safe_line(text(found, "shortDescription", "text"))[:200]
    return said if said and "{" not in said else _in_words(safe_line(name))


def _in_words(name: str) -> str:
    words = re.sub(r"[-_]+", " ", name).strip()
    return words[:1].upper() + words[1:] if " " in words else name


def _triaged(result: object, rules: _Rules, paths: Paths) -> Triaged | None:
    """A result as a finding, None for one that reports no defect or has no place in the repository."""
    if text(result, "kind") in _SKIPPED_KINDS or text(result, "baselineState") == "absent":
        return None
    span = paths.span(at(result, "locations", 0))
    if span is None:
        return None
    rule = rules.id_of(result)
    found = rules.descriptor(rule)
    witness = f"{rules.tool} {rule}"
    severity = _severity(result, found, rules.tool)
    rules.note(rule, severity)
    finding = Finding(
        rule=witness,
        key="",
        span=span,
        message=_message(result, rules.tool, rule, found),
        severity=severity,
        confidence=_confidence(result, found),
        related=_related(result, paths, prints_secrets(rules.tool, rule)),
        sources=(witness,),
    )
    line_hash = text(result, "partialFingerprints", "primaryLocationLineHash")
    return Triaged(finding, "", "", line_hash, suppressed_by=_suppression(result, span, witness))


def _message(result: object, tool: str, rule: str, found: object) -> str:
    if prints_secrets(tool, rule):
        return f"A secret may stand in the code here ({_title(found, rule)}); its text is not repeated."
    said = (
        text(result, "message", "text")
        or _from_template(result, found)
        or text(result, "message", "markdown")
    )
    return said.strip()[:MAX_MESSAGE] or f"{tool} {rule}"


def _from_template(result: object, found: object) -> str:
    """A message given by the id of the rule's template, with its arguments."""
    template = text(found, "messageStrings", text(result, "message", "id"), "text")
    for position, argument in enumerate(texts(result, "message", "arguments")):
        template = template.replace(f"{{{position}}}", argument)
    return template


def _severity(result: object, found: object, tool: str) -> Severity:
    """From the security score, bandit's own word, or the level; ruff calls everything an error."""
    score = text(result, "properties", "security-severity") or text(found, "properties", "security-severity")
    if score:
        return _by_score(score)
    word = text(result, "properties", "issue_severity").lower()
    if word in _WORDS:
        return _WORDS[word]
    level = text(result, "level") or text(found, "defaultConfiguration", "level")
    severity = _LEVELS.get(level, Severity.MEDIUM)
    return min(severity, Severity.MEDIUM) if tool == "ruff" else severity


def _by_score(score: str) -> Severity:
    try:
        number = float(score)
    except ValueError:
        return Severity.MEDIUM
    limits = ((9.0, Severity.CRITICAL), (7.0, Severity.HIGH), (4.0, Severity.MEDIUM))
    return next((severity for limit, severity in limits if number >= limit), Severity.LOW)


def _confidence(result: object, found: object) -> Confidence:
    word = text(result, "properties", "issue_confidence").lower() or text(found, "properties", "precision")
    return _PRECISION.get(word, Confidence.MEDIUM)


def _related(result: object, paths: Paths, secret: bool) -> tuple[Hop, ...]:
    hops: list[Hop] = []
    for location in listed(result, "relatedLocations")[:MAX_RELATED]:
        said = "" if secret else safe_line(text(location, "message", "text"))
        if span := paths.span(location):
            hops.append(Hop(span, said[:200] or "related"))
    return tuple(hops)


def _suppression(result: object, span: Span, witness: str) -> Suppression | None:
    """The suppression, if the result has one and nobody has rejected it."""
    found = listed(result, "suppressions")
    if not found or any(text(item, "status") in {"rejected", "underReview"} for item in found):
        return None
    reason = safe_line(next(filter(None, (text(item, "justification") for item in found)), ""))
    return Suppression(span, (witness,), reason, used=1)


def _keyed(findings: list[Triaged]) -> list[Triaged]:
    """Each finding once, with a key that a moved line does not change: what it says, counted in its file."""
    unique = {(t.finding.rule, t.finding.span, t.finding.message): t for t in reversed(findings)}
    counts: Counter[str] = Counter()
    keyed: list[Triaged] = []
    for triaged in sorted(unique.values(), key=lambda t: (t.finding.span, t.finding.rule, t.finding.message)):
        finding = triaged.finding
        given = triaged.line_hash.lower()
        basis = finding.message if given in _PLACEHOLDER_HASHES else given
        digest = sha256(f"{finding.rule}\0{basis}".encode()).hexdigest()[:16]
        counts[key := f"{finding.span.path}:{digest}"] += 1
        if counts[key] > 1:
            key += f":{counts[key]}"
        keyed.append(replace(triaged, finding=replace(finding, key=key)))
    return keyed


def _failures(run: object, tool: str) -> list[Failure]:
    """What the tool itself says went wrong."""
    failures: list[Failure] = []
    for invocation in listed(run, "invocations"):
        said = [
            safe_line(text(note, "message", "text"))[:500] or "failed"
            for note in listed(invocation, "toolExecutionNotifications")
            if text(note, "level") == "error"
        ]
        if not said and at(invocation, "executionSuccessful") is False:
            said = ["says that it did not run to its end"]
        failures += [Failure("engine", tool, reason, False) for reason in said]
    return failures


def _outside(paths: Paths, name: str, tool: str) -> list[Failure]:
    """One failure for all places that are not in the repository."""
    if not paths.outside:
        return []
    count = len(paths.outside)
    reason = (
        f"{count} places of {tool} are in no known root, for example {safe_line(min(paths.outside))[:200]}"
    )
    return [Failure("file", name, f"{reason}; they are left out", False)]


def _commit(run: object) -> Commit:
    control = at(run, "versionControlProvenance", 0)
    return Commit(
        safe_line(text(control, "revisionId")),
        safe_line(text(control, "branch")),
        url=safe_line(text(control, "repositoryUri")),
    )
