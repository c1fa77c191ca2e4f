"""From roots to a place: the chains that prove a finding, and how their steps read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archguard.model.constants import is_contradicted
from archguard.model.facts import Call
from archguard.model.finding import Hop, Member
from archguard.model.program import Context, Edge, Function, Program, Root
from archguard.model.spelling import spell_call

Way = tuple[Root, tuple[Edge, ...]]

REQUEST = Context.LOOP | Context.THREADPOOL
"""What a request runs on: the serving loop, or a thread of its pool."""


def ways_to(program: Program, function: Function, flags: Context) -> list[Way]:
    """Every root that gives a function one of these contexts, with the chain from it; each root once."""
    contexts = program.contexts.get()
    found: dict[Root, tuple[Edge, ...]] = {}
    for flag in contexts.of(function) & flags:
        for root in contexts.roots(function, flag):
            found.setdefault(root, contexts.chain(root, function, flag))
    return list(found.items())


def loop_of(program: Program, function: Function) -> Context:
    """The loop that a function runs on: a serving one, else one that nobody proved, else NONE."""
    flags = program.contexts.get().of(function)
    return next((flag for flag in (Context.LOOP, Context.UNPROVED) if flag in flags), Context.NONE)


def requests_to(program: Program, function: Function) -> list[Way]:
    """The requests that reach a function; what start-up sets going beside them is no request."""
    return [way for way in ways_to(program, function, REQUEST) if way[0].context in REQUEST]


def boundary(ways: list[Way]) -> Edge | None:
    """The call at which the loop first enters synchronous code of the project."""
    edges = (edge for _, way in ways for edge in way)
    return next(
        (e for e in edges if e.caller.scope.is_async and e.callee and not e.callee.scope.is_async), None
    )


def passable(ways: list[Way], sink: Edge) -> list[Way]:
    """The ways whose own constants do not exclude that the sink runs."""
    return [way for way in ways if not is_contradicted((*way[1], sink))]


def members_of(ways: list[Way], last: Hop) -> Iterator[Member]:
    """One member for each root, with the chain that ends at ``last``."""
    for root, edges in ways:
        header = f"{'async ' if root.function.scope.is_async else ''}def {root.function.label}"
        start = Hop(root.span, root.label if header in root.label else f"{root.label}  {header}")
        hops = tuple(Hop(edge.span, spelled(edge)) for edge in edges)
        yield Member(root.key, root.label, root.span, (start, *hops, last))


def further(edges: Iterable[Edge]) -> Iterator[Member]:
    """The further calls that a finding gathers, so that one more in the same function is seen to be new."""
    counts: dict[str, int] = {}
    for edge in edges:
        counts[edge.external] = count = counts.get(edge.external, 0) + 1
        yield Member(f"call {edge.external} {count}", f"also {spelled(edge)}", edge.span)


def spelled(edge: Edge) -> str:
    """The call of an edge as code."""
    call = edge.caller.scope.events[edge.event] if edge.event >= 0 else None
    if isinstance(call, Call):
        return spell_call(edge.caller.scope, call)
    return f"{edge.callee.label} ({edge.via})" if edge.callee else edge.external
