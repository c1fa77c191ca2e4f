"""A call's arguments held against the parameters of what it calls."""

from __future__ import annotations

import pytest

from archguard.model.arguments import bound, misfit
from archguard.model.facts import Call, Const
from archguard.model.program import Function, events_of
from tests.support.programs import program_of


def _called(parameters: str, arguments: str) -> tuple[Function, Call]:
    program = program_of({"m.py": f"def f({parameters}): ...\nf({arguments})\n"})
    _, call = next(iter(events_of(program.functions["m"], Call)))
    return program.functions["m.f"], call


@pytest.mark.parametrize(
    ("parameters", "arguments", "problem"),
    [
        ("a, b", "1, 2", ""),
        ("a, b", "1", "needs the argument b"),
        ("a", "1, 2", "takes 1 positional argument, not 2"),
        ("a", "1, c=2", "takes no argument named c"),
        ("*, a", "", "needs the argument a"),
        ("a, /", "a=1", "takes no argument named a"),
        ("*a, **b", "1, c=2", ""),
        ("a=1", "", ""),
        ("a", "*many", ""),
        ("a", "**many", ""),
    ],
)
def test_arguments_that_do_not_fit_are_named(parameters: str, arguments: str, problem: str) -> None:
    assert misfit(*_called(parameters, arguments), has_receiver=False) == problem


def test_parameters_are_bound_by_place_by_name_and_by_default() -> None:
    given = bound(*_called("a, b, c=3, *, d", "1, d=4, b=2"))
    assert given == {"a": Const(1), "b": Const(2), "c": Const(3), "d": Const(4)}


def test_an_open_call_binds_nothing_that_is_known() -> None:
    assert bound(*_called("a, b=1", "2, **more")) == {}
