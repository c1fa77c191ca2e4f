"""From what rules and engines report to what is shown: chosen, merged, silenced, illustrated, in order."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from msgspec.structs import replace

from archguard.config.globs import Globs
from archguard.engines.translate import Heard
from archguard.model.facts import FileFacts
from archguard.model.finding import Finding
from archguard.model.policy import Policy
from archguard.model.program import Service
from archguard.model.rule import RuleInfo
from archguard.model.run import EngineStats, Settled, Suppression, Triaged
from archguard.model.sources import Role, Sources
from archguard.triage.excerpts import illustrate
from archguard.triage.gather import gathered, is_gathered
from archguard.triage.identity import SECRET_RULES, Identity, identity_of, merged
from archguard.triage.join import join
from archguard.triage.selectors import Known, any_covers
from archguard.triage.suppress import Silenced, Silencer


def settle(  # noqa: PLR0917 - each is a stage's own output, in the order of the stages
    findings: Iterable[Finding],
    facts: Mapping[str, FileFacts],
    sources: Sources,
    policy: Policy,
    services: Iterable[Service],
    today: str,
    *,
    rules: Collection[RuleInfo],
    ran: Collection[str] | None = None,
    heard: Heard | None = None,
) -> Settled:
    """Everything between a rule's report and the run.

    ``rules`` are the rules that exist, ``ran`` the ids of those that ran without failing (all, if not
    given): only of these an unused suppression can be told, and only where none of them looked does an
    engine's finding of ``heard`` stand alone. ``today`` is the assessed commit's date (ISO), for
    suppressions that expire; the other side of a comparison takes this side's.
    """
    heard = heard or Heard()
    known: Known = {info.id: info for info in (*rules, *(rule.info for rule in heard.rules.values()))}
    services = tuple(services)
    ran = {*(known if ran is None else ran), *heard.rules}
    chosen = _chosen((*findings, *heard.findings), sources, policy, known)
    native = ran - heard.rules.keys()
    joined = join(chosen, facts, lambda rule: _topic(rule, known), native, heard.supporting)
    silencer = Silencer(facts, known, {f.rule for f in joined.findings}, policy.require_reason, today)
    shown: list[Triaged] = []
    hidden: list[tuple[Identity, Silenced]] = []
    together = _together(joined.findings, heard, silencer, services, hidden)
    for identity, finding in merged(together, services).items():
        left, silenced = silencer.apply(finding)
        hidden.extend((identity, one) for one in silenced)
        if left:
            shown.append(_triaged(identity._replace(rule=left.rule), left))
    suppressed = [_triaged(i, one.finding, silencer.counted(one.by)) for i, one in hidden]
    illustrated = illustrate((*shown, *suppressed), sources)
    return Settled(
        in_order(illustrated[: len(shown)]),
        in_order(illustrated[len(shown) :]),
        silencer.unused({rule for rule in ran if _selected(rule, policy, known)}),
        tuple(silencer.notes),
        joined.joined,
        joined.left,
    )


def _together(
    findings: Iterable[Finding],
    heard: Heard,
    silencer: Silencer,
    services: tuple[Service, ...],
    hidden: list[tuple[Identity, Silenced]],
) -> tuple[Finding, ...]:
    """All findings, with those gathered of which a service shows one; comments silence each before."""
    single, several = [], []
    for finding in findings:
        if not is_gathered(finding, heard.rules):
            single.append(finding)
            continue
        left, silenced = silencer.apply(finding)
        hidden.extend((identity_of(finding, services), one) for one in silenced)
        several += [left] if left else []
    return (*single, *gathered(several, heard.rules, services))


def counted(stats: Iterable[EngineStats], settled: Settled) -> tuple[EngineStats, ...]:
    """How the engines went, with what became of what they found."""
    return tuple(
        replace(each, joined=settled.joined.get(each.name, 0), left=settled.left.get(each.name, 0))
        for each in stats
    )


def _topic(rule: str, known: Known) -> str:
    info = known.get(rule)
    return (info.topic if info else "") or rule


def _triaged(identity: Identity, finding: Finding, by: Suppression | None = None) -> Triaged:
    return Triaged(finding, identity.service, identity.fingerprint, suppressed_by=by)


def in_order(triaged: Iterable[Triaged]) -> tuple[Triaged, ...]:
    """By path, line and rule; the rest only so that no tie is left to chance."""
    return tuple(sorted(triaged, key=_order))


def _order(item: Triaged) -> tuple[str, int, str, int, str, tuple[str, ...]]:
    finding = item.finding
    members = tuple(member.key for member in finding.members)
    return finding.span.path, finding.span.line, finding.rule, finding.span.place.column, finding.key, members


# --- choosing -------------------------------------------------------------------------------------


def _chosen(findings: Iterable[Finding], sources: Sources, policy: Policy, known: Known) -> Iterable[Finding]:
    """What selection, the kind of file and the overrides of paths let through."""
    roles = {file.path: file.role for file in sources.files}
    overrides = [(Globs((override.glob,)), override.ignore) for override in policy.overrides]
    for finding in findings:
        path = finding.span.path
        if (
            _selected(finding.rule, policy, known)
            and roles.get(path, "source") in _roles(finding.rule, known)
            and not any(
                globs.match(path) and any_covers(words, finding.rule, known) for globs, words in overrides
            )
        ):
            yield finding


def _selected(rule: str, policy: Policy, known: Known) -> bool:
    selected = not policy.select or any_covers(policy.select, rule, known)
    return selected and not any_covers(policy.ignore, rule, known)


_ALL_ROLES: tuple[Role, ...] = ("source", "test", "example", "script", "generated", "vendored", "migration")


def _roles(rule: str, known: Known) -> tuple[Role, ...]:
    if rule in SECRET_RULES:  # a secret is one in tests and migrations too
        return _ALL_ROLES
    info = known.get(rule)
    return info.meta.roles if info else ("source",)
