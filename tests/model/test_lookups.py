"""Look-ups in the facts of one scope."""

from __future__ import annotations

import pytest

from archguard.extract.files import extract_file
from archguard.model.facts import Call, Const, Name, PythonFacts
from archguard.model.lookups import bound_value, entries_of, making_call
from archguard.model.program import Function, Module


def _scope(source: str) -> Function:
    facts = extract_file("python", source.encode())
    assert isinstance(facts, PythonFacts)
    return Function("m", Module("m", "m.py", "source", facts), 0, facts.scopes[0])


@pytest.mark.parametrize(
    ("source", "keys"),
    [
        ("options = {'timeout': 5, 'verify': False}", ["timeout", "verify"]),
        ("options = dict(timeout=5)", ["timeout"]),
        ("options = {'verify': False, **other}", ["verify", "**"]),
        ("options = {name: 5}", ["**"]),
    ],
)
def test_a_mapping_that_is_written_out_shows_its_keys(source: str, keys: list[str]) -> None:
    entries = entries_of(_scope(source), Name("options"))
    assert entries is not None
    assert [key for key, _ in entries] == keys


@pytest.mark.parametrize(
    "source",
    [
        "options = {}\noptions['timeout'] = 5",
        "options = make()",
        "options = {}\noptions = {'timeout': 5}",
        "options = dict([('timeout', 5)])",
        "for options in many: pass",
    ],
)
def test_a_mapping_that_may_hold_more_is_not_shown(source: str) -> None:
    assert entries_of(_scope(source), Name("options")) is None


def test_a_name_bound_once_has_its_value_and_one_bound_twice_has_none() -> None:
    assert bound_value(_scope("a = 5"), "a") == Const(5)
    assert bound_value(_scope("a = 5\na = 6"), "a") is None


def test_the_call_that_makes_a_value_is_found_through_its_name() -> None:
    scope = _scope("limit = Timeout(5)")
    call = making_call(scope, Name("limit"))
    assert isinstance(call, Call)
    assert call.function == Name("Timeout")
