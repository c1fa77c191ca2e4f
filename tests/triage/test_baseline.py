from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archguard.model.run import Settled
from archguard.triage.baseline import BaselineError, Entry, apply, decode, encode, entries_of, read, write
from tests.triage.snapshots import at, finding, member, settled

TEXT = "".join(f"line({n})\n" for n in range(1, 9))
ENTRIES = st.lists(st.builds(Entry, st.text(), st.text(), st.text(), st.lists(st.text()).map(tuple)))


def side(line: int, *routes: str) -> Settled:
    members = tuple(member(route, at("app/a.py", n)) for n, route in enumerate(routes, start=1))
    return settled({"app/a.py": TEXT}, [finding(line=line, members=members)])


@given(ENTRIES)
def test_a_baseline_reads_back_and_its_order_does_not_matter(entries: list[Entry]) -> None:
    assert decode(encode(entries)) == tuple(sorted(entries))
    assert encode(entries) == encode(reversed(entries))


def test_a_baseline_has_no_lines_and_does_not_change_when_they_move() -> None:
    assert encode(entries_of(side(2, "GET /a").findings)) == encode(entries_of(side(7, "GET /a").findings))


def test_what_is_accepted_is_known_and_a_new_member_is_new() -> None:
    accepted = entries_of(side(2, "GET /a").findings)
    assert [item.novelty for item in apply(side(5, "GET /a"), accepted).findings] == ["known"]
    (item,) = apply(side(5, "GET /a", "GET /b"), accepted).findings
    assert (item.novelty, item.new_members) == ("new", ("GET /b",))


def test_an_entry_that_accepts_nothing_is_stale() -> None:
    gone = Entry("AG0901", "gone")
    result = apply(side(2), (*entries_of(side(2).findings), gone))
    assert result.stale == (gone,)


def test_writing_replaces_the_file_whole(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    path.write_text("old")
    path.chmod(0o640)
    write(path, [Entry("AG0901", "key", members=("GET /a",))])
    assert read(path) == (Entry("AG0901", "key", members=("GET /a",)),)
    assert path.stat().st_mode & 0o777 == 0o640
    assert [p.name for p in tmp_path.iterdir()] == ["baseline.json"]


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"version": 2, "findings": []}', b"\xff"])
def test_what_is_no_baseline_is_refused_in_one_line(content: bytes) -> None:
    with pytest.raises(BaselineError) as caught:
        decode(content)
    assert "\n" not in str(caught.value)
