"""Circles in a directed graph, for rules that reason about dependencies."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

N = TypeVar("N", bound=Hashable)


def components(graph: Mapping[N, Mapping[N, object]]) -> list[list[N]]:
    """The strongly connected components of more than one node, in the order of the graph's nodes.

    An edge to what is no node of the graph is left out.
    """
    backwards: dict[N, list[N]] = {node: [] for node in graph}
    for node, following in graph.items():
        for each in following:
            if each in backwards:
                backwards[each].append(node)
    forwards = {node: [each for each in following if each in graph] for node, following in graph.items()}
    last_first = [node for group in _walks(graph, forwards) for node in group][::-1]
    rank = {node: position for position, node in enumerate(graph)}
    found = [sorted(group, key=rank.__getitem__) for group in _walks(last_first, backwards) if len(group) > 1]
    return sorted(found, key=lambda group: rank[group[0]])


def shortest_way(graph: Mapping[N, Mapping[N, object]], start: N, goal: N) -> list[N]:
    """The nodes of a shortest way, both ends included; of equal ones the first in the graph's order.

    Empty where there is none; an edge to what is no node of the graph is left out.
    """
    came: dict[N, N | None] = {start: None}
    queue = [start]
    for node in queue:
        if node == goal:
            break
        for following in graph[node]:
            if following in graph and following not in came:
                came[following] = node
                queue.append(following)
    way: list[N] = []
    at: N | None = goal if goal in came else None
    while at is not None:
        way.append(at)
        at = came[at]
    return way[::-1]


def _walks(starts: Iterable[N], edges: Mapping[N, list[N]]) -> list[list[N]]:
    """What each start reaches that no earlier one did, in the order in which it is left."""
    seen: set[N] = set()
    found: list[list[N]] = []
    for start in starts:
        if start in seen:
            continue
        seen.add(start)
        group: list[N] = []
        stack = [(start, iter(edges[start]))]
        while stack:
            node, following = stack[-1]
            step = next((each for each in following if each not in seen), None)
            if step is None:
                group.append(node)
                stack.pop()
            else:
                seen.add(step)
                stack.append((step, iter(edges[step])))
        found.append(group)
    return found
