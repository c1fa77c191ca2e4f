"""From what rules and engines report to what is shown: chosen, merged, silenced, illustrated, in order."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from archguard.config.globs import Globs
from archguard.model.facts import FileFacts
from archguard.model.finding import Finding
from archguard.model.policy import Policy
from archguard.model.program import Service
from archguard.model.rule import RuleInfo
from archguard.model.run import Settled, Suppression, Triaged
from archguard.model.sources import Role, Sources
from archguard.triage.excerpts import illustrate
from archguard.triage.identity import SECRET_RULES, Identity, merged
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
) -> Settled:
    """Everything between a rule's report and the run.

    ``rules`` are the rules that exist, ``ran`` the ids of those that ran without failing (all, if not
    given): only of these an unused suppression can be told. ``today`` is the assessed commit's date
    (ISO), for suppressions that expire; the other side of a comparison takes this side's.
    """
    known: Known = {info.id: info for info in rules}
    identities = merged(_chosen(findings, sources, policy, known), services)
    seen = {identity.rule for identity in identities}
    silencer = Silencer(facts, known, seen, policy.require_reason, today)
    shown: list[Triaged] = []
    hidden: list[tuple[Identity, Silenced]] = []
    for identity, finding in identities.items():
        left, silenced = silencer.apply(finding)
        hidden.extend((identity, one) for one in silenced)
        if left:
            shown.append(_triaged(identity, left))
    suppressed = [_triaged(i, one.finding, silencer.counted(one.by)) for i, one in hidden]
    illustrated = illustrate((*shown, *suppressed), sources)
    return Settled(
        in_order(illustrated[: len(shown)]),
        in_order(illustrated[len(shown) :]),
        silencer.unused({rule for rule in (known if ran is None else ran) if _selected(rule, policy, known)}),
        tuple(silencer.notes),
    )


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
