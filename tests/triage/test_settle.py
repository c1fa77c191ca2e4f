from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from archguard.model.finding import Finding, Severity
from archguard.model.policy import Override, Policy
from archguard.model.program import Service
from archguard.model.sources import Role
from archguard.triage.line_hash import line_hashes
from tests.triage.snapshots import at, finding, member, settled

TEXT = "".join(f"line({n})\n" for n in range(1, 9))
FILES = {"app/a.py": TEXT, "app/b.py": TEXT, "tests/t.py": TEXT, "migrations/m.py": TEXT}
ROLES: dict[str, Role] = {"tests/t.py": "test", "migrations/m.py": "migration"}

SOME = [
    finding("app/b.py", 2, key="two"),
    finding("app/a.py", 5, key="one", members=(member("GET /x", at("app/b.py", 1)),)),
    finding("app/a.py", 3, key="one", members=(member("GET /y", at("app/b.py", 2)),)),
    finding("app/a.py", 5, "AG0601", "one", sources=("archguard",)),
    finding("app/a.py", 5, "AG0601", "one", sources=("ruff S113",), severity=Severity.CRITICAL),
]


@given(st.permutations(SOME))
def test_the_order_of_findings_does_not_matter(found: list[Finding]) -> None:
    assert settled(FILES, found) == settled(FILES, SOME)


def test_findings_of_one_identity_are_one_with_all_members() -> None:
    first, timeout, _ = settled(FILES, SOME).findings
    assert (first.finding.span.line, [m.key for m in first.finding.members]) == (3, ["GET /x", "GET /y"])
    assert [(hop.span.line, hop.text) for hop in first.finding.related] == [(5, "the same here")]
    assert timeout.finding.sources == ("archguard", "ruff S113")
    assert timeout.finding.severity is Severity.HIGH, "archguard knows where the line runs, ruff does not"


def test_the_identity_knows_the_service_and_no_line() -> None:
    services = [Service("shop", ""), Service("mail", "app")]
    here, moved = (settled(FILES, [finding("app/a.py", n)], services=services).findings[0] for n in (1, 7))
    elsewhere = settled(FILES, [finding("app/a.py", 1)], services=services[:1]).findings[0]
    assert here.service == "mail"
    assert here.fingerprint == moved.fingerprint != elsewhere.fingerprint
    assert len(here.fingerprint) == 32


def test_only_secrets_and_rules_that_say_so_are_reported_outside_the_source() -> None:
    found = [
        finding(path, 1, rule, path) for path in ROLES for rule in ("AG0901", "AG0801", "AG0208", "ruff X")
    ]
    result = settled(FILES, found, roles=ROLES)
    assert [(i.finding.span.path, i.finding.rule) for i in result.findings] == [
        ("migrations/m.py", "AG0208"),
        ("migrations/m.py", "AG0801"),
        ("tests/t.py", "AG0801"),
    ]


def test_selection_and_overrides_of_paths() -> None:
    def rules(policy: Policy) -> list[str]:
        return [item.finding.rule for item in settled(FILES, SOME[2:4], policy=policy).findings]

    assert rules(Policy()) == ["AG0901", "AG0601"]
    assert rules(Policy(select=("AG06",))) == ["AG0601"]
    assert rules(Policy(ignore=("blocking-call-in-async",))) == ["AG0601"]
    assert rules(Policy(overrides=(Override("app/**", ("AG06",)),))) == ["AG0901"]
    assert rules(Policy(overrides=(Override("other", ("AG06",)),))) == ["AG0901", "AG0601"]


def test_the_excerpt_has_two_lines_around_and_the_line_githubs_hash() -> None:
    (item,) = settled(FILES, [finding("app/a.py", 5)]).findings
    assert (item.excerpt_line, item.excerpt[0], item.excerpt[-1]) == (3, "line(3)", "line(7)")
    assert item.line_hash == line_hashes(TEXT)[5]


def test_a_place_that_is_not_in_the_file_has_no_excerpt() -> None:
    for found in (finding("app/a.py", 99), finding("gone.py", 1)):
        (item,) = settled(FILES, [found]).findings
        assert (item.excerpt, item.excerpt_line) == ((), 0)


def test_what_other_tools_say_of_a_secret_is_not_repeated() -> None:
    own = finding("app/a.py", 3, "AG0801", "own")
    bandit = replace(finding("app/a.py", 3, "AG0801", "b", sources=("bandit B105",)), message="'hunter2'")
    (item,) = settled(FILES, [bandit, own]).findings
    assert "hunter2" not in repr(item)
