"""Circles in a graph."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from archguard.model.graph import components, shortest_way

Graph = dict[int, dict[int, None]]
NODES = range(8)
graphs = st.dictionaries(
    st.sampled_from(NODES), st.dictionaries(st.sampled_from(NODES), st.none(), max_size=4), max_size=8
)


def _reaches(graph: Graph, start: int) -> set[int]:
    """Everything that a node reaches over one edge or more, through nodes of the graph."""
    found: set[int] = set()
    todo = [start]
    while todo:
        for each in graph[todo.pop()]:
            if each in graph and each not in found:
                found.add(each)
                todo.append(each)
    return found


@given(graphs)
def test_two_nodes_share_a_component_exactly_when_each_reaches_the_other(graph: Graph) -> None:
    reached = {node: _reaches(graph, node) for node in graph}
    together = {(a, b) for a in graph for b in graph if a != b and b in reached[a] and a in reached[b]}
    found = components(graph)
    assert {(a, b) for group in found for a in group for b in group if a != b} == together


@given(graphs)
def test_groups_and_their_nodes_keep_the_order_of_the_graph(graph: Graph) -> None:
    order = list(graph)
    for group in components(graph):
        assert group == sorted(group, key=order.index)
    firsts = [group[0] for group in components(graph)]
    assert firsts == sorted(firsts, key=order.index)


def test_a_node_that_points_at_itself_is_no_circle() -> None:
    assert components({1: {1: None}, 2: {}}) == []


def test_a_long_chain_needs_no_deep_recursion() -> None:
    size = 5000
    ring = {node: {(node + 1) % size: None} for node in range(size)}
    assert len(components(ring)[0]) == size


@given(graphs, st.sampled_from(NODES), st.sampled_from(NODES))
def test_a_way_follows_edges_and_is_there_exactly_when_the_goal_is_reached(
    graph: Graph, start: int, goal: int
) -> None:
    graph = {**{node: {} for node in NODES}, **graph}
    way = shortest_way(graph, start, goal)
    assert bool(way) == (goal == start or goal in _reaches(graph, start))
    assert way == [] or (way[0], way[-1]) == (start, goal)
    assert all(after in graph[before] for before, after in pairwise(way))
    assert len(set(way)) == len(way)


def test_of_two_ways_the_shorter_is_taken() -> None:
    graph = {1: {2: None, 3: None}, 2: {4: None}, 3: {5: None}, 4: {5: None}, 5: {}}
    assert shortest_way(graph, 1, 5) == [1, 3, 5]
