"""Writes a run as SARIF 2.1.0 that GitHub code scanning takes, shows and tracks as it is meant.

One SARIF run for archguard and one for each other tool with findings of its own, every one with a
category of its own: code scanning closes what a category's next upload lacks. Findings with
archguard among their witnesses are in its run, also if others saw them too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import msgspec

from archguard.assess.safe_text import safe_line
from archguard.model.rule import RuleInfo
from archguard.model.run import Commit, Failure, Run, Triaged
from archguard.output import sarif_limits
from archguard.output.sarif_places import ROOT, Json
from archguard.output.sarif_result import result

if TYPE_CHECKING:
    import sarif_om

OWN = "archguard"
SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_SEMVER = re.compile(r"\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?")


def render(run: Run, with_suppressed: bool = False) -> bytes:
    """The file's content. Suppressed findings are left out unless asked for: GitHub opens alerts for them."""
    from sarif_om import SarifLog

    from archguard.output.sarif_om_json import to_value

    findings = run.findings + (run.suppressed if with_suppressed else ())
    by_tool = _by_tool(run, findings)
    log = SarifLog(
        version="2.1.0",
        schema_uri=SCHEMA,
        runs=[_run(run, tool, by_tool[tool], frozenset(by_tool)) for tool in by_tool],
    )
    return msgspec.json.encode(to_value(log)) + b"\n"


def tool_of(triaged: Triaged) -> str:
    """The tool whose run a finding belongs to: archguard, or else its first witness."""
    sources = triaged.finding.sources
    if not sources or OWN in sources:
        return OWN
    return safe_line(sources[0]).partition(" ")[0].lower() or OWN


def _by_tool(run: Run, findings: Sequence[Triaged]) -> dict[str, list[Triaged]]:
    """The findings of each SARIF run; archguard's own first, and no more runs than GitHub takes."""
    named = {tool_of(triaged) for triaged in findings} | {name.lower() for name, _ in run.engines}
    others = sorted(named - {OWN})[: sarif_limits.MAX_RUNS - 1]
    by_tool: dict[str, list[Triaged]] = {tool: [] for tool in (OWN, *others)}
    for triaged in findings:
        by_tool.get(tool_of(triaged), by_tool[OWN]).append(triaged)
    return by_tool


def _run(run: Run, tool: str, findings: Sequence[Triaged], tools: frozenset[str]) -> sarif_om.Run:
    import sarif_om

    groups, lost = sarif_limits.cut(sarif_limits.groups(findings))
    infos = _rules(run, tool, {triaged.finding.rule for group in groups for triaged in group})
    positions = {rule: index for index, rule in enumerate(infos)}
    results = (result(group, positions[rule := group[0].finding.rule], infos[rule]) for group in groups)
    failures = [failure for failure in run.failures if _home(failure, tools) == tool]
    return sarif_om.Run(
        tool=sarif_om.Tool(driver=_driver(run, tool, infos)),
        automation_details=sarif_om.RunAutomationDetails(id=_category(run, tool)),
        column_kind="utf16CodeUnits",
        original_uri_base_ids={
            ROOT: sarif_om.ArtifactLocation(
                description=sarif_om.Message(text="The top level of the repository.")
            )
        },
        version_control_provenance=_provenance(run.commit),
        invocations=[_invocation(run, tool, failures, positions, lost)],
        # Encoded one by one: a large run's results never exist as objects all at once.
        results=[msgspec.Raw(msgspec.json.encode(value)) for value in results],
        properties=_properties(run),
    )


def _rules(run: Run, tool: str, used: Iterable[str]) -> dict[str, RuleInfo | None]:
    """The rules of a tool by id, in order: those that ran, and those that a result needs."""
    known = {info.id: info for info in run.rules}
    ran = {rule for rule in known if (rule.partition(" ")[0].lower() if " " in rule else OWN) == tool}
    return {rule: known.get(rule) for rule in sorted({*ran, *used})}


def _driver(run: Run, tool: str, infos: dict[str, RuleInfo | None]) -> sarif_om.ToolComponent:
    from sarif_om import ToolComponent

    from archguard.output.sarif_notes import descriptors
    from archguard.output.sarif_rules import bare_descriptor, descriptor

    engines = {name.lower(): version for name, version in run.engines}
    version = safe_line(run.tool_version if tool == OWN else engines.get(tool, ""))
    semantic = _SEMVER.match(version)
    return ToolComponent(
        name=tool,
        version=version or None,
        semantic_version=semantic[0] if semantic else None,
        rules=[descriptor(info) if info else bare_descriptor(rule) for rule, info in infos.items()],
        notifications=descriptors(),
    )


def _category(run: Run, tool: str) -> str:
    """What GitHub tracks alerts by: all of it up to the last slash, so a slash is the last character.

    Never the target's name: the folder of a checkout is called differently on every machine.
    """
    prefix = safe_line(run.prefix).strip("/.")
    base = safe_line(run.category).strip("/ ") or OWN
    return "/".join(part for part in (base, "native" if tool == OWN else tool, prefix) if part) + "/"


def _home(failure: Failure, tools: frozenset[str]) -> str:
    """The run in which a failure is told."""
    subject = failure.subject.partition(" ")[0].lower()
    return subject if failure.kind == "engine" and subject in tools else OWN


def _invocation(
    run: Run, tool: str, failures: Sequence[Failure], rules: dict[str, int], lost: str
) -> sarif_om.Invocation:
    from sarif_om import Invocation

    from archguard.output.sarif_notes import cut_note, failure_note, unused_note

    notes = [failure_note(failure, rules) for failure in failures]
    unused = [unused_note(suppression) for suppression in run.unused_suppressions] if tool == OWN else []
    return Invocation(
        execution_successful=not any(failure.fatal for failure in failures),
        tool_execution_notifications=notes + ([cut_note(lost)] if lost else []) or None,
        tool_configuration_notifications=unused or None,
    )


def _provenance(commit: Commit) -> list[sarif_om.VersionControlDetails] | None:
    """The commit, where the repository's address is known (the standard demands it)."""
    from sarif_om import ArtifactLocation, VersionControlDetails

    address = urlsplit(commit.url)
    if address.scheme not in {"http", "https"} or not address.hostname:
        return None
    host = address.netloc.rpartition("@")[2]  # never the credentials that an address may carry
    return [
        VersionControlDetails(
            repository_uri=address._replace(netloc=host, query="", fragment="").geturl(),
            revision_id=commit.hash or None,
            branch=safe_line(commit.branch) or None,
            mapped_to=ArtifactLocation(uri_base_id=ROOT),
        )
    ]


def _properties(run: Run) -> Json:
    """What the aggregator wants to know where the sidecar is missing."""
    values = {
        "commit": run.commit.hash,
        "branch": run.commit.branch,
        "date": run.commit.date,
        "target": run.target,
        "prefix": run.prefix,
        "since": run.since,
    }
    named: Json = {name: safe_line(value) for name, value in values.items() if value}
    return named | {"dirty": True} if run.commit.dirty else named
