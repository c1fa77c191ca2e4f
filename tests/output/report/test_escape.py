from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from archguard.output.report import escape
from archguard.output.report.mermaid import faults

MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
TEXT = st.text(max_size=60) | st.text(alphabet="`*__0<>[]()|\\&~$#+-=1.:/@ aw\n\t{}!\"'", max_size=40)


@given(TEXT.filter(str.strip))
@example("__0__")
@example("__init__ _a_ a_b __")
def test_words_stay_words(text: str) -> None:
    (inline,) = _inlines(escape.opening(escape.words(text.strip())))
    assert [child.type for child in inline.children or [] if not child.content.isspace()] in ([], ["text"])
    assert "".join(child.content for child in inline.children or []) == escape.visible(
        re.sub(r"\s+", " ", text.strip())
    )


@given(TEXT.filter(str.strip))
def test_code_is_one_span_with_its_text(text: str) -> None:
    (inline,) = _inlines(escape.code(text))
    (span,) = inline.children or []
    assert (span.type, span.content) == ("code_inline", escape.flat(text))


@given(TEXT.filter(str.strip), TEXT.filter(str.strip))
def test_a_table_keeps_its_cells(left: str, right: str) -> None:
    row = f"| {escape.words(left)} | {escape.code(right, in_table=True)} |"
    cells = _inlines(f"| a | b |\n| --- | --- |\n{row}")[2:]
    assert len(cells) == 2
    assert [child.type for child in cells[1].children or []] == ["code_inline"]


@given(TEXT)
def test_nothing_closes_a_fence_from_inside(text: str) -> None:
    (token,) = MARKDOWN.parse(escape.fenced(escape.visible(text, keep="\n\t"), "python"))
    assert (token.type, token.info) == ("fence", "python")


@given(TEXT)
def test_a_label_cannot_leave_its_quotes(text: str) -> None:
    label = escape.label(text)
    assert not set(label) & set('"`<>[](){}|\n\\%&')
    assert list(faults(["flowchart LR", f'  a["{label}"]'])) == []


@pytest.mark.parametrize("char", ["\u202e", "\u2066", "\x00", "\x1b", "\u2028", "\ufeff"])
def test_what_hides_or_reorders_text_is_written_out(char: str) -> None:
    assert escape.visible(f"a{char}b") == f"a\\u{ord(char):04x}b"


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://github.com/acme/quotes.git", "https://github.com/acme/quotes"),
        ("https://git.acme.example:8443/a/b/", "https://git.acme.example:8443/a/b"),
        ("javascript:alert(1)", ""),
        ("https://user:secret@github.com/a/b", ""),
        ("file:///etc/passwd", ""),
        ('https://github.com/a"onclick=x/b', "https://github.com/a%22onclick%3Dx/b"),
        ("", ""),
    ],
)
def test_only_plain_addresses_of_the_web_become_links(url: str, address: str) -> None:
    assert escape.web_address(url) == address


def _inlines(text: str) -> list[Token]:
    return [token for token in MARKDOWN.parse(text) if token.type == "inline"]
