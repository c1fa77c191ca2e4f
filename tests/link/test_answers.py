"""An answer is the same whoever asks first, in circles too, and crossings between modules are noted."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

from hypothesis import given
from hypothesis import strategies as st

from archguard.link.answers import Answers, Table
from archguard.model.program import Function
from tests.support.programs import program_of

LIMIT = 6
FUNCTIONS = [program_of({f"m{number}.py": "x = 1\n"}).functions[f"m{number}"] for number in range(LIMIT + 2)]
Graph = Mapping[int, Sequence[int]]


class Chain:
    """Questions that ask each other along a graph; an answer shows everything that was asked for it."""

    def __init__(self, graph: Graph, limit: int = 40) -> None:
        self.answers = Answers(limit)
        self.table: Table[Function, None, str] = Table(self.answers, "chain", self._found, "?")
        self._graph = graph

    def ask(self, number: int) -> str:
        return self.table.get(FUNCTIONS[number], None)

    def _found(self, function: Function, _: None) -> str:
        number = FUNCTIONS.index(function)
        return f"{number}({' '.join(map(self.ask, self._graph.get(number, ())))})"


graphs = st.dictionaries(st.integers(0, 5), st.lists(st.integers(0, 5), max_size=3), max_size=6)


@given(graphs, st.permutations(range(6)))
def test_no_answer_depends_on_what_was_asked_before(graph: Graph, order: Sequence[int]) -> None:
    chain = Chain(graph)
    together = {number: chain.ask(number) for number in order}
    assert together == {number: Chain(graph).ask(number) for number in order}


@given(graphs, st.permutations(range(6)))
def test_nor_does_one_that_is_too_deep(graph: Graph, order: Sequence[int]) -> None:
    chain = Chain(graph, limit=3)
    together = {number: chain.ask(number) for number in order}
    assert together == {number: Chain(graph, limit=3).ask(number) for number in order}


def test_what_is_deeper_than_the_limit_is_not_known() -> None:
    graph = {number: [number + 1] for number in range(LIMIT)}
    assert Chain(graph, limit=LIMIT).ask(0) == "?"
    assert Chain(graph, limit=LIMIT + 1).ask(0) == "0(1(2(3(4(5(6()))))))"


def test_many_questions_that_all_ask_each_other_come_to_an_end() -> None:
    everybody = list(range(LIMIT + 2))
    chain = Chain(dict.fromkeys(everybody, everybody))
    for number, _ in itertools.product(everybody, range(3)):
        assert chain.ask(number).startswith(f"{number}(")


def test_questions_to_other_modules_are_noted_however_often_they_are_known() -> None:
    chain = Chain({0: [1], 1: [2], 3: [1]})
    chain.ask(0)
    with chain.answers.within(FUNCTIONS[3].module):
        chain.ask(3)
    found = {
        module.name: {subject.module.name for _, subject, _ in asked if subject is not None}
        for module, asked in chain.answers.asked.items()
        if module is not None
    }
    assert found == {"m0": {"m1"}, "m1": {"m2"}, "m3": {"m1"}}
    assert not chain.answers.entangled


def test_whoever_comes_on_a_circle_of_other_modules_is_entangled_with_them() -> None:
    chain = Chain({0: [1], 1: [2], 2: [1]})
    chain.ask(0)
    found = {
        m.name: {each.name for each in others if each} for m, others in chain.answers.entangled.items() if m
    }
    assert found == {"m0": {"m1", "m2"}, "m1": {"m2"}, "m2": {"m1"}}
