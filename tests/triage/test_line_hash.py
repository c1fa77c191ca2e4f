from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from archguard.triage.line_hash import line_hashes

TEXT = st.text(alphabet=st.sampled_from("ab \t\r\n\0é€\ufeff\uffff\U0001f600\U0010ffff"), max_size=400)


def by_definition(text: str) -> dict[int, str]:
    """The published definition on whole numbers: no window moves, nothing is cut but the result."""
    encoded = text.encode("utf-16-be")
    units = [int.from_bytes(encoded[i : i + 2], "big") for i in range(0, len(encoded), 2)]
    kept: list[int] = []
    starts = [0]
    after_return = False
    for unit in units:
        if unit in (0x20, 0x09) or (after_return and unit == 0x0A):
            after_return = False
            continue
        after_return = unit == 0x0D
        kept.append(0x0A if after_return else unit)
        if kept[-1] == 0x0A:
            starts.append(len(kept))
    kept += [65535] + [0] * 100
    counts: Counter[str] = Counter()
    result: dict[int, str] = {}
    for number, start in enumerate(starts, start=1):
        value = 0
        for unit in kept[start : start + 100]:
            value = value * 37 + unit
        counts[digits := format(value % (1 << 64), "x")] += 1
        result[number] = f"{digits}:{counts[digits]}"
    return result


@given(TEXT)
@example("")
@example("\r \n")
@example("\r\n\n")
@example("x" * 99 + "\n" + "x" * 99)
@example("a\n" * 300)
def test_every_line_hashes_as_the_published_definition_says(text: str) -> None:
    assert line_hashes(text) == by_definition(text)


@given(TEXT)
def test_bytes_and_text_hash_alike(text: str) -> None:
    assert line_hashes(text.encode()) == line_hashes(text)


@given(TEXT, st.sets(st.integers(1, 20)))
def test_asking_for_some_lines_changes_none_of_them(text: str, wanted: set[int]) -> None:
    everything = line_hashes(text)
    assert line_hashes(text, wanted) == {n: h for n, h in everything.items() if n in wanted}


# Values that GitHub's own program gave for these files.
KNOWN = [
    (b"", {1: "c129715d7a2bc9a3:1"}),
    (b"a\n", {1: "243cbaa4685aab12:1", 2: "c129715d7a2bc9a3:1"}),
    (
        "x = '\U0001f600'\r\n\treturn x".encode(),
        {1: "1c8c16dcac4076e9:1", 2: "de422951c6e2592f:1"},
    ),
    (
        b"a\nb\na\nb",
        {
            1: "7cbc826477fbb24b:1",
            2: "47ca3710e4b6974:1",
            3: "c74339777b6a2c60:1",
            4: "8ee5a81e681643c1:1",
        },
    ),
]


@pytest.mark.parametrize(("content", "expected"), KNOWN)
def test_known_values(content: bytes, expected: dict[int, str]) -> None:
    assert line_hashes(content) == expected


def test_line_endings_do_not_matter() -> None:
    unix = "import os\n\n\ndef f():\n\treturn os\n"
    assert (
        line_hashes(unix) == line_hashes(unix.replace("\n", "\r\n")) == line_hashes(unix.replace("\n", "\r"))
    )


def test_indentation_does_not_matter() -> None:
    assert line_hashes("if x:\n    y()\n") == line_hashes("if x:\n\t y( )\n")


def test_a_file_that_is_not_utf8_has_hashes() -> None:
    assert line_hashes("# é\n".encode("latin-1")) == line_hashes("# \ufffd\n")
