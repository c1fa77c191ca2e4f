"""Encodings, columns, line counts, comments and what could not be read."""

from __future__ import annotations

import sys
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archguard.extract.files import extract_file
from archguard.model.facts import Call, Comment, Import, Problem, PythonFacts
from archguard.model.place import WHOLE_FILE, Place


def facts(content: bytes | str) -> PythonFacts:
    found = extract_file("python", content.encode() if isinstance(content, str) else content)
    assert isinstance(found, PythonFacts)
    return found


def call_place(content: bytes | str) -> Place:
    found = facts(content)
    assert found.problem is None, found.problem
    return next(e.place for e in found.scopes[0].events if isinstance(e, Call))


def problem(content: bytes | str) -> Problem:
    found = facts(content).problem
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"f()", Place(1, 1, 1, 4)),
        (b"if x:\n\tf()", Place(2, 2, 2, 5)),
        (b"x = 1\r\nf()\r\n", Place(2, 1, 2, 4)),
        (b"x = 1\rf()\r", Place(2, 1, 2, 4)),
        ("x = 'é'; f()".encode(), Place(1, 10, 1, 13)),
        ("x = '😀'; f()".encode(), Place(1, 11, 1, 14)),
        ("f('😀',\n  'é')".encode(), Place(1, 1, 2, 7)),
        (b"\xef\xbb\xbff()", Place(1, 1, 1, 4)),
        (b"# -*- coding: latin-1 -*-\nx = '\xe9'; f()", Place(2, 10, 2, 13)),
        (b"#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\n'\x80'; f()", Place(3, 6, 3, 9)),
        (b"x = 1\n\x0c\nf()", Place(3, 1, 3, 4)),
        (b"(f\n  ())", Place(1, 2, 2, 5)),
    ],
)
def test_columns_count_as_editors_do(content: bytes, place: Place) -> None:
    assert call_place(content) == place


@given(
    st.text(
        st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters="'\\\u2028\u2029"), max_size=20
    )
)
def test_columns_are_utf16_code_units_whatever_comes_before(text: str) -> None:
    line = f"x = '{text}'; f()"
    end = len(line.encode("utf-16-le")) // 2 + 1
    assert call_place(line + "\n") == Place(1, end - 3, 1, end)


@pytest.mark.parametrize(
    ("content", "lines", "code"),
    [
        (b"", 0, 0),
        (b"x = 1", 1, 1),
        (b"x = 1\n", 1, 1),
        (b"\n\n# only\n  # this\nx = 1\n", 5, 1),
        (b"x = 1\r\n\r\ny = 2\r\n", 3, 2),
    ],
)
def test_lines_are_counted(content: bytes, lines: int, code: int) -> None:
    found = facts(content)
    assert (found.lines, found.code_lines) == (lines, code)


@pytest.mark.parametrize(
    "content",
    [
        b"x = '\xff'",
        b"x = 1\0",
        b"# coding: nonsense\nx = 1",
        b"\xef\xbb\xbf# coding: latin-1\nx = 1",
        b"# coding: ascii\nx = '\xc3\xa9'",
        b"\xff\xfex\0 \0=\0",
    ],
)
def test_bytes_that_are_no_text_are_a_problem(content: bytes) -> None:
    assert (problem(content).kind, problem(content).place) == ("encoding", WHOLE_FILE)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("x = (\n", Place(1, 5, 1, 5)),
        ("x = 1\nf(hunter2 hunter3)\n", Place(2, 3, 2, 3)),
        ("😀 = hunter2\n", Place(1, 1, 1, 1)),
        ("x = '😀' 'hunter2\n", Place(1, 10, 1, 10)),
        ("print 'hunter2'\n", Place(1, 1, 1, 1)),
        ("try:\n  pass\nexcept Exception, hunter2:\n  pass\n", Place(3, 8, 3, 8)),
    ],
)
def test_a_syntax_error_has_a_place_and_quotes_nothing(text: str, place: Place) -> None:
    found = problem(text)
    assert (found.kind, found.place) == ("syntax", place)
    assert "hunter" not in found.message
    assert found.message.isascii()


def test_syntax_of_a_newer_python_is_said_apart() -> None:
    newer = {
        (3, 12): [
            "type X = int\n",
            "def f[T](x: T): pass\n",
            "class A[T]: pass\n",
            "x = f'{a['b']}' + f'{'x'}'\n",
        ],
        (3, 14): ["x = t'{a}'\n", "try:\n  pass\nexcept A, B:\n  pass\n"],
    }
    for version, texts in newer.items():
        for text in texts:
            found = facts(text).problem
            kind = found.kind if found else ""
            assert kind == ("newer-syntax" if sys.version_info < version else ""), text


def test_what_is_too_deep_is_said() -> None:
    assert problem("x = " + "-" * 100_000 + "1\n").kind in {"too-deep", "syntax"}
    assert problem("x = " + "(" * 300 + ")" * 300).kind in {"too-deep", "syntax"}


def test_warnings_of_the_parser_stay_silent() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert facts("x = '\\d'\ny = 1 is 1\n").problem is None


def test_whatever_the_bytes_there_are_facts() -> None:
    @given(st.one_of(st.binary(max_size=60), st.text(max_size=60).map(str.encode)))
    def check(content: bytes) -> None:
        found = facts(content)
        assert found.problem is not None or found.scopes

    check()


# --- comments ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "comment"),
    [
        ("x = 1  # noqa: E501\n", Comment(Place(1, 8, 1, 20), "noqa", "noqa: E501")),
        (
            "# archguard: ignore[AG0901] why\n",
            Comment(Place(1, 1, 1, 32), "archguard", "archguard: ignore[AG0901] why", True),
        ),
        ("  # TODO: later\n", Comment(Place(1, 3, 1, 16), "todo", "TODO: later", True)),
        ("x = '😀'  # nosec B105\n", Comment(Place(1, 11, 1, 23), "nosec", "nosec B105")),
        ("x = 1  # nosemgrep: rule\n", Comment(Place(1, 8, 1, 25), "nosemgrep", "nosemgrep: rule")),
        ("x = 1  # type: ignore[x]\n", Comment(Place(1, 8, 1, 25), "type", "type: ignore[x]")),
        (
            "x = 1  # pragma: allowlist secret\n",
            Comment(Place(1, 8, 1, 34), "allowlist", "pragma: allowlist secret"),
        ),
        ("x = '''\n# noqa\n'''  # FIXME\n", Comment(Place(3, 6, 3, 13), "todo", "FIXME")),
        ("x = '# noqa'  # noqa\n", Comment(Place(1, 15, 1, 21), "noqa", "noqa")),
        ('x = "\\"# noqa"  # XXX\n', Comment(Place(1, 17, 1, 22), "todo", "XXX")),
        ("x = r'a'  # HACK\n", Comment(Place(1, 11, 1, 17), "todo", "HACK")),
        ("# it's\nx = 1  # noqa\n", Comment(Place(2, 8, 2, 14), "noqa", "noqa")),
        ("x = 1\r\ny = 2  # noqa\r\n", Comment(Place(2, 8, 2, 14), "noqa", "noqa")),
    ],
)
def test_comments_that_somebody_acts_on(text: str, comment: Comment) -> None:
    source = text if text.strip().startswith("#") or not text.startswith(" ") else f"if x:\n  pass\n{text}"
    found = facts(source).comments
    if source is not text:
        moved = Place(3, comment.place.column, 3, comment.place.end_column)
        comment = Comment(moved, comment.kind, comment.text, comment.own_line)
    assert found == (comment,)


@pytest.mark.parametrize(
    "text", ["x = '# noqa'\n", "# nothing\n", "todo = 1\n", "x = 1  # a method: todolist\n"]
)
def test_other_comments_are_left(text: str) -> None:
    assert facts(text).comments == ()


@pytest.mark.parametrize(
    ("text", "generated"),
    [
        ("# Code generated by protoc. DO NOT EDIT.\nx = 1\n", True),
        ("#!/usr/bin/env python\n# @generated\nx = 1\n", True),
        ("'''This file was automatically generated by a tool.'''\nx = 1\n", True),
        ("x = 1\n# generated by hand\n", False),
        ("def f():\n  # do not edit\n  pass\n", False),
        ("'''Reports are shown.'''\n", False),
    ],
)
def test_generated_files_say_so_at_their_head(text: str, generated: bool) -> None:
    assert facts(text).generated is generated


# --- imports ----------------------------------------------------------------------------------------


def imports(text: str) -> list[tuple[str, int, str | None, str | None, int, bool, bool]]:
    def row(i: Import) -> tuple[str, int, str | None, str | None, int, bool, bool]:
        return i.module, i.level, i.name, i.alias, i.scope, i.typing_only, i.guarded

    return [row(i) for i in facts(text).imports]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "import a.b, c as d",
            [("a.b", 0, None, None, 0, False, False), ("c", 0, None, "d", 0, False, False)],
        ),
        ("from ..a import b as c", [("a", 2, "b", "c", 0, False, False)]),
        ("from . import x", [("", 1, "x", None, 0, False, False)]),
        ("from a import *", [("a", 0, "*", None, 0, False, False)]),
        ("from __future__ import annotations", []),
        (
            "if TYPE_CHECKING: import a\nelse: import b",
            [("a", 0, None, None, 0, True, False), ("b", 0, None, None, 0, False, False)],
        ),
        (
            "if not t.TYPE_CHECKING: import a\nelse: import b",
            [("a", 0, None, None, 0, False, False), ("b", 0, None, None, 0, True, False)],
        ),
        (
            "try: import a\nexcept ImportError: import b",
            [("a", 0, None, None, 0, False, True), ("b", 0, None, None, 0, False, False)],
        ),
        ("try: import a\nexcept (X, b.ModuleNotFoundError): pass", [("a", 0, None, None, 0, False, True)]),
        ("try: import a\nexcept: pass", [("a", 0, None, None, 0, False, True)]),
        ("try: import a\nexcept ValueError: pass", [("a", 0, None, None, 0, False, False)]),
        ("with contextlib.suppress(ImportError): import a", [("a", 0, None, None, 0, False, True)]),
        ("def f(): import a", [("a", 0, None, None, 1, False, False)]),
    ],
)
def test_imports(text: str, expected: list[tuple[str, int, str | None, str | None, int, bool, bool]]) -> None:
    assert imports(text + "\n") == expected


def test_an_import_has_the_place_of_its_name() -> None:
    assert [i.place for i in facts("from a import (b,\n  c as d)\n").imports] == [
        Place(1, 16, 1, 17),
        Place(2, 3, 2, 9),
    ]


def test_other_kinds_have_no_facts() -> None:
    with pytest.raises(ValueError, match="other"):
        extract_file("other", b"")
