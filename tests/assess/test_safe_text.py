from __future__ import annotations

import json

from hypothesis import example, given
from hypothesis import strategies as st

from archguard.assess.safe_text import json_is_safe, safe, safe_line, safe_value

ANY = st.text(st.characters(codec=None, exclude_categories=()), max_size=30)


@given(ANY)
@example("\x1b[2J\x7f\x85\u202e\u2066\ud800\r\n\f")
def test_safe_text_is_safe_and_stays_as_it_is(text: str) -> None:
    once = safe(text)
    assert safe(once) == once
    assert not any(ord(c) < 32 and c not in "\n\t" for c in once)
    assert once.encode().decode() == once
    assert "\n" not in safe_line(text)


@given(ANY, st.booleans())
@example("\u200e", True)
@example("\x7f", False)
def test_json_that_passes_for_safe_needs_no_cleaning(text: str, ascii_only: bool) -> None:
    content = json.dumps(text, ensure_ascii=ascii_only).encode("utf-8", "replace")
    if json_is_safe(content):
        decoded = json.loads(content)
        assert safe_value(decoded) == decoded


def test_plain_json_passes_for_safe() -> None:
    assert json_is_safe(json.dumps({"a": 'def f():\n\treturn "straße €"'}, ensure_ascii=False).encode())
