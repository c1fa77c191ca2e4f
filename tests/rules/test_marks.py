"""The marks themselves: a typo in one must not turn an example into one that expects nothing."""

from __future__ import annotations

import pytest

from tests.support.marks import Mark, marks_of


def test_a_line_may_carry_several_marks_and_severities() -> None:
    assert marks_of("a.py", "x = 1\ny()  # expect: AG0901 high, AG0905\n") == [
        Mark("a.py", 2, "AG0901", "high"),
        Mark("a.py", 2, "AG0905", ""),
    ]


def test_sql_marks_begin_with_two_dashes() -> None:
    assert marks_of("1.sql", "drop table t; -- expect: AG0208") == [Mark("1.sql", 1, "AG0208", "")]


@pytest.mark.parametrize("text", ["# expect: ", "# expect: AG901", "# expect: AG0901 severe", "# expect: no"])
def test_a_mark_that_cannot_be_read_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"a\.py:1"):
        marks_of("a.py", text)
