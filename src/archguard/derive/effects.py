"""Effects, bottom-up: what happens, in the same thread, when a function runs.

Each effect keeps its next hop; the shortest chain is then a walk along pointers. One breadth-first
search over the reversed call graph finds all of them, so cycles need no special care: a hop always
leads to a function that is nearer to the sink.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping

from archguard.model.policy import blocking_call
from archguard.model.program import Edge, Effect, Function, Program, Step

_SAME_THREAD = {"call", "await"}
_NOTHING: Mapping[Effect, Step] = {}


class CallEffects:
    """The effects of every function (see `archguard.model.program.Effects`)."""

    def __init__(self, steps: dict[Function, dict[Effect, Step]]) -> None:
        self._steps = steps

    def of(self, function: Function) -> Mapping[Effect, Step]:
        """The effects of calling (or awaiting) it."""
        return self._steps.get(function, _NOTHING)

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


def compute(program: Program) -> CallEffects:
    """All effects that knowledge can name, carried up through calls and awaits."""
    steps: dict[Function, dict[Effect, Step]] = {}
    queue: deque[tuple[Function, Effect, int]] = deque()
    for function, edges in program.edges.get().items():
        for edge in edges:
            for effect in _own(program, edge):
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
            if edge.mode in _SAME_THREAD and effect not in known:
                known[effect] = Step(distance + 1, edge)
                queue.append((edge.caller, effect, distance + 1))
    return CallEffects(steps)


def _own(program: Program, edge: Edge) -> Iterator[Effect]:
    if not edge.external:
        return
    found = blocking_call(program.policy.knowledge, edge.external)
    # An awaited library call is a coroutine's: it does not hold the thread, whatever its name.
    if found is not None and edge.mode != "await":
        yield Effect("blocks", found.kind, edge.external)
