from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from archguard.model.finding import Finding
from archguard.model.run import Settled
from archguard.triage.compare import compare
from tests.triage.snapshots import Memory, at, finding, member, settled

TEXT = "".join(f"line({n})\n" for n in range(1, 9))
FILES = {"app/a.py": TEXT, "app/b.py": TEXT, "app/deep/c.py": TEXT}
KEYS = st.lists(st.sampled_from("abcdef"), unique=True)


def side(*found: Finding) -> Settled:
    return settled(FILES, found)


def test_lines_that_move_make_nothing_new() -> None:
    result = compare(side(finding(line=7)), side(finding(line=2)))
    assert [item.novelty for item in result.findings] == ["known"]
    assert result.fixed == ()


def test_a_new_key_is_new_and_a_missing_one_is_fixed() -> None:
    result = compare(side(finding(key="b")), side(finding(key="a")))
    assert [(item.finding.key, item.novelty) for item in result.findings] == [("b", "new")]
    assert [(item.finding.key, item.novelty) for item in result.fixed] == [("a", "fixed")]


@given(KEYS, KEYS)
def test_new_known_and_fixed_are_the_differences_of_the_two_sides(here: list[str], there: list[str]) -> None:
    result = compare(side(*(finding(key=k) for k in here)), side(*(finding(key=k) for k in there)))
    new = {item.finding.key for item in result.findings if item.novelty == "new"}
    assert new == set(here) - set(there)
    assert {item.finding.key for item in result.fixed} == set(there) - set(here)


def test_a_new_member_shows_the_finding_where_the_member_is() -> None:
    old = member("GET /old", at("app/b.py", 1))
    new = member("GET /new", at("app/b.py", 4), at("app/a.py", 2))
    result = compare(
        side(finding(line=3, members=(old, new))),
        side(finding(line=3, members=(old,))),
        {},
        Memory({"app/b.py": TEXT.encode()}),
    )
    (item,) = result.findings
    assert (item.novelty, item.new_members) == ("new", ("GET /new",))
    assert str(item.finding.span) == "app/b.py:4:1"
    assert item.finding.message == "GET /new: waits"
    assert [m.key for m in item.finding.members] == ["GET /new", "GET /old"]
    assert [hop.span.line for hop in item.finding.related] == [3]
    assert item.excerpt[2] == "line(4)"


def test_a_member_that_went_makes_nothing_new() -> None:
    members = (member("GET /a", at("app/b.py", 1)), member("GET /b", at("app/b.py", 2)))
    result = compare(side(finding(members=members[:1])), side(finding(members=members)))
    assert [item.novelty for item in result.findings] == ["known"]


def renamed(old: tuple[str, str], new: tuple[str, str], renames: dict[str, str]) -> list[str]:
    """Novelties where a finding's key and member change from old to new."""
    before = finding(key=old[0], members=(member(old[1], at("app/b.py", 1)),))
    after = finding(key=new[0], members=(member(new[1], at("app/b.py", 1)),))
    result = compare(side(after), side(before), renames)
    return [item.novelty for item in (*result.findings, *result.fixed)]


def test_a_file_that_moved_makes_nothing_new() -> None:
    old, new = (
        ("app.a.Quotes.get|network", "app.a.main"),
        ("app.core.a.Quotes.get|network", "app.core.a.main"),
    )
    assert renamed(old, new, {"src/app/core/a.py": "src/app/a.py"}) == ["known"]
    assert renamed(old, new, {"app/core/a.py": "app/a.py"}) == ["known"]
    assert renamed(old, new, {"app/core/b.py": "app/b.py"}) == ["new", "fixed"]


def test_a_path_in_a_key_moves_too() -> None:
    assert renamed(("app/a.py", "x"), ("lib/b.py", "x"), {"lib/b.py": "app/a.py"}) == ["known"]


def test_a_package_that_moved_makes_nothing_new() -> None:
    renames = {"app/svc/__init__.py": "app/services/__init__.py", "app/svc/a.py": "app/services/a.py"}
    assert renamed(("app.services.a.f>app.services", "x"), ("app.svc.a.f>app.svc", "x"), renames) == ["known"]


def test_a_cycle_whose_sorted_modules_moved_within_it_is_known() -> None:
    assert renamed(("app.a,app.b", "x"), ("app.a,app.z", "x"), {"app/z.py": "app/b.py"}) == ["known"]


def test_a_new_finding_in_the_place_of_a_moved_one_is_new() -> None:
    before = side(finding(key="app.a.f"))
    after = side(finding(key="app.b.f"), finding(key="app.a.f", path="app/b.py"))
    result = compare(after, before, {"app/b.py": "app/a.py"})
    assert sorted((i.finding.key, i.novelty) for i in result.findings) == [
        ("app.a.f", "known"),
        ("app.b.f", "new"),
    ]


def test_silencing_is_not_fixing() -> None:
    files = {"app/a.py": "x = 1\nget()  # archguard: ignore[AG0901]\n"}
    result = compare(settled(files, [finding(line=2)]), side(finding(line=2)))
    assert (result.findings, result.fixed) == ((), ())
