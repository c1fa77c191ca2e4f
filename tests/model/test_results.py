"""What becomes of a call's result."""

from __future__ import annotations

import pytest

from archguard.model.facts import Call
from archguard.model.program import events_of
from archguard.model.results import unread_name
from tests.support.programs import program_of


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("kept = make()", "kept"),
        ("kept = make()\n    use(kept)", ""),
        ("self.kept = make()", ""),
        ("global kept\n    kept = make()", ""),
        ("kept = make()\n    kept = None", ""),
        ("kept = make()\n    def inner(): return kept", ""),
        ("kept = make()\n    yield", ""),
        ("yield\n    kept = make()", "kept"),
        ("kept = make()\n    while True: work()", ""),
        ("while True: work()\n    kept = make()", "kept"),
    ],
)
def test_a_result_is_lost_under_a_name_that_nothing_reads(body: str, name: str) -> None:
    program = program_of({"m.py": f"def f(self):\n    {body}\n"})
    function = program.functions["m.f"]
    made = next(i for i, call in events_of(function, Call) if getattr(call.function, "id", "") == "make")
    assert unread_name(program, function, made) == name
