"""Effects, bottom-up: what happens, in the same thread, when a function runs.

Each effect keeps its next hop; the shortest chain is then a walk along pointers. One breadth-first
search over the reversed call graph finds all of them, so cycles need no special care: a hop always
leads to a function that is nearer to the sink. What a function's own library calls do is asked alone as
well, and needs no search.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence

from archguard.derive.changing import carries_change, changing_calls
from archguard.derive.waiting import waiting_calls
from archguard.model.program import Edge, Effect, Function, Lazy, Program, Step

_SAME_THREAD = {"call", "await"}
_NOTHING: Mapping[Effect, Step] = {}


class CallEffects:
    """The effects of every function (see `archguard.model.program.Effects`)."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._own: dict[Function, tuple[tuple[Edge, Effect], ...]] = {}
        self._steps = Lazy(lambda: _carried(program, self))

    def own(self, function: Function) -> tuple[tuple[Edge, Effect], ...]:
        """What its own library calls do, in their order."""
        if function not in self._own:
            self._own[function] = tuple(_named(self._program, self._program.edges_from(function)))
        return self._own[function]

    def of(self, function: Function) -> Mapping[Effect, Step]:
        """The effects of calling (or awaiting) it."""
        return self._steps.get().get(function, _NOTHING)

    def through(self, edge: Edge) -> list[Effect]:
        """The effects of one call: its own, and what it carries of its callee's."""
        found = [effect for each, effect in self.own(edge.caller) if each is edge]
        if edge.callee is not None:
            found += [each for each in self.of(edge.callee) if each not in found and _carries(edge, each)]
        return found

    def chain(self, function: Function, effect: Effect) -> tuple[Edge, ...]:
        """The shortest way from the function to the effect's own call."""
        edges: list[Edge] = []
        at: Function | None = function
        while at is not None:
            step = self.of(at).get(effect)
            if step is None:
                break
            edges.append(step.edge)
            at = step.edge.callee
        return tuple(edges)


def _named(program: Program, edges: Sequence[Edge]) -> Iterator[tuple[Edge, Effect]]:
    """The effects that knowledge can name: a new kind of effect is one more loop here."""
    for edge, found in waiting_calls(program.policy.knowledge, edges):
        yield edge, Effect("computes" if found.kind == "cpu" else "blocks", found.kind, edge.external)
    yield from changing_calls(program.policy.knowledge, edges)


def _carried(program: Program, effects: CallEffects) -> dict[Function, dict[Effect, Step]]:
    """All effects, carried up through calls and awaits; what runs once in a process stays where it is."""
    steps: dict[Function, dict[Effect, Step]] = {}
    queue: deque[tuple[Function, Effect, int]] = deque()
    for function in program.edges.get():
        for edge, effect in effects.own(function):
            if effect not in steps.setdefault(function, {}):
                steps[function][effect] = Step(1, edge)
                queue.append((function, effect, 1))
    limit = program.policy.limits.chain
    while queue:
        function, effect, distance = queue.popleft()
        if distance >= limit:
            program.gaps["limit:chain"] = program.gaps.get("limit:chain", 0) + 1
            continue
        for edge in program.edges_to(function):
            known = steps.setdefault(edge.caller, {})
            if effect not in known and _carries(edge, effect):
                known[effect] = Step(distance + 1, edge)
                queue.append((edge.caller, effect, distance + 1))
    return steps


def _carries(edge: Edge, effect: Effect) -> bool:
    """Whether a call has an effect of its callee."""
    same = edge.mode in _SAME_THREAD and not edge.once
    return same and (effect.kind != "changes" or carries_change(edge, effect))
