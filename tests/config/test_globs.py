from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archguard.config.globs import Globs


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("old", "old/a.py", True),
        ("old", "app/old/b/a.py", True),
        ("old", "older/a.py", False),
        ("*.gen.py", "a/b/x.gen.py", True),
        ("app/*.py", "app/a.py", True),
        ("app/*.py", "app/b/a.py", False),
        ("app/*.py", "x/app/a.py", False),
        ("app/**", "app/b/a.py", True),
        ("app/**/a.py", "app/a.py", True),
        ("app/**/a.py", "app/b/c/a.py", True),
        ("**/gen/*.py", "gen/a.py", True),
        ("/app", "app/a.py", True),
        ("./app/x", "app/x/a.py", True),
        ("app/", "app/a.py", True),
        ("a?.py", "ab.py", True),
        ("a?.py", "a/.py", False),
        ("[ab].py", "b.py", True),
        ("[!ab].py", "b.py", False),
        ("a[.py", "a[.py", True),
        ("a+(b).py", "a+(b).py", True),
        ("new\nline", "new\nline/a.py", True),
    ],
)
def test_what_a_pattern_matches(pattern: str, path: str, matches: bool) -> None:
    assert Globs([pattern]).match(path) is matches


def test_no_pattern_matches_nothing() -> None:
    assert not Globs([]).match("a.py")


@given(st.lists(st.text(alphabet="ab*?[]!-^\\/.(\n", max_size=8), max_size=3), st.text(max_size=10))
def test_any_text_is_a_pattern(patterns: list[str], path: str) -> None:
    Globs(patterns).match(path)
