"""Facts back to code, and code that is suggested."""

from __future__ import annotations

import pytest

from archguard.model.facts import Call
from archguard.model.program import events_of
from archguard.model.spelling import in_thread, with_argument
from tests.support.programs import program_of


@pytest.mark.parametrize(
    ("call", "suggested"),
    [
        ("get(url)", "get(url, timeout=10)"),
        ("get()", "get(timeout=10)"),
        ("get(url, timeout=None)", ""),
        ("get(…)", ""),
        ("handle (with)x", ""),
    ],
)
def test_an_argument_is_added_to_a_call_that_is_spelled_whole(call: str, suggested: str) -> None:
    assert with_argument(call, "timeout=10") == suggested


@pytest.mark.parametrize(
    ("call", "suggested"),
    [
        ("f()", "await asyncio.to_thread(f)"),
        ("a.f(x, y=1)", "await asyncio.to_thread(a.f, x, y=1)"),
        ("f(lambda: 1)", "await asyncio.to_thread(f, …)"),
    ],
)
def test_a_call_moves_to_a_thread_with_its_arguments(call: str, suggested: str) -> None:
    function = program_of({"m.py": f"{call}\n"}).functions["m"]
    _, found = list(events_of(function, Call))[-1]
    assert in_thread(function.scope, found) == suggested
