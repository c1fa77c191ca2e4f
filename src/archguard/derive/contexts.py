"""Contexts, top-down: what each function runs on, carried from roots along the call graph."""

from __future__ import annotations

from collections import deque

from archguard.derive.roots import find_roots
from archguard.model.lookups import is_script_part
from archguard.model.policy import Mode
from archguard.model.program import Context, Edge, Function, Program, Root

_NEW: dict[Mode, Context] = {
    "threadpool": Context.THREADPOOL,
    "thread": Context.THREAD,
    "process": Context.PROCESS,
    "loop": Context.PRIVATE_LOOP,
    "create": Context.NONE,
}
_ONCE = {Context.LOOP: Context.STARTUP, Context.UNPROVED: Context.PRIVATE_LOOP}
"""What runs once on a serving loop is like start-up; on one that nobody proved, a loop of its own."""

_FLAGS = tuple(Context)


# Whoever starts a task in one of these starts it on the loop that it has itself; only from the serving
# loop, its start-up or a thread of its process does a task get onto the serving loop.
_OWN_LOOPS = {
    Context.PRIVATE_LOOP,
    Context.UNPROVED,
    Context.PROCESS,
    Context.WORKER,
    Context.TEST,
    Context.CLI,
}


def carried(flag: Context, mode: Mode) -> Context:
    """What a callee runs on when its caller runs on ``flag`` and calls it in this mode."""
    if mode in {"call", "await"}:
        return flag
    if mode in {"task", "callback"}:
        if flag in _OWN_LOOPS:
            return flag
        return Context.LOOP
    return _NEW[mode]


def passed_on(flag: Context, edge: Edge) -> Context:
    """Like `carried`; a module's script part is a command, and what runs once is like start-up."""
    if edge.once:
        flag = _ONCE.get(flag, flag)
    if flag == Context.IMPORT and edge.caller.scope.kind == "module" and is_script_part(edge):
        flag = Context.CLI
    return carried(flag, edge.mode)


class CallContexts:
    """What functions run on (see `archguard.model.program.Contexts`)."""

    def __init__(self, program: Program, flags: dict[Function, Context], roots: tuple[Root, ...]) -> None:
        self._program = program
        self._flags = flags
        self._roots: dict[Function, list[Root]] = {}
        for root in roots:
            self._roots.setdefault(root.function, []).append(root)
        self._ways: dict[tuple[Function, Context], dict[Root, tuple[Edge, ...]]] = {}

    def of(self, function: Function) -> Context:
        """All contexts that some root gives it; NONE where no root reaches it."""
        return self._flags.get(function, Context.NONE)

    def roots(self, function: Function, context: Context) -> tuple[Root, ...]:
        """The roots that give it this context, nearest first."""
        return tuple(self._reach(function, context))

    def chain(self, root: Root, function: Function, context: Context) -> tuple[Edge, ...]:
        """The shortest way from one of those roots to the function."""
        return self._reach(function, context).get(root, ())

    def _reach(self, function: Function, context: Context) -> dict[Root, tuple[Edge, ...]]:
        """Every root behind a function in a context, with its shortest chain, nearest first."""
        key = (function, context)
        if key in self._ways:
            return self._ways[key]
        found: dict[Root, tuple[Edge, ...]] = {}
        next_hop: dict[tuple[Function, Context], tuple[Edge, Context] | None] = {key: None}
        queue = deque([key])
        while queue:
            at, flag = state = queue.popleft()
            for root in self._roots.get(at, ()):
                if root.context == flag and root not in found:
                    found[root] = self._unroll(state, next_hop)
            for edge in self._program.edges_to(at):
                for before in _split(self.of(edge.caller)):
                    previous = (edge.caller, before)
                    if previous not in next_hop and passed_on(before, edge) == flag:
                        next_hop[previous] = (edge, flag)
                        queue.append(previous)
        self._ways[key] = found
        return found

    def _unroll(
        self,
        state: tuple[Function, Context],
        next_hop: dict[tuple[Function, Context], tuple[Edge, Context] | None],
    ) -> tuple[Edge, ...]:
        edges: list[Edge] = []
        hop = next_hop[state]
        while hop is not None:
            edge, flag = hop
            edges.append(edge)
            hop = next_hop[edge.callee, flag] if edge.callee is not None else None
        return tuple(edges)


def compute(program: Program) -> CallContexts:
    """The contexts of every function: a monotone fixpoint over (function, flag) states."""
    roots = find_roots(program)
    flags: dict[Function, Context] = {}
    _propagate(program, flags, [(root.function, root.context) for root in roots])
    unproved = tuple(_unproved(program, flags))
    _propagate(program, flags, [(root.function, root.context) for root in unproved])
    return CallContexts(program, flags, (*roots, *unproved))


def _propagate(
    program: Program, flags: dict[Function, Context], start: list[tuple[Function, Context]]
) -> None:
    todo = deque(start)
    while todo:
        function, flag = todo.popleft()
        known = flags.get(function, Context.NONE)
        if flag in known:
            continue
        flags[function] = known | flag
        for edge in program.edges_from(function):
            if edge.callee is not None:
                next_flag = passed_on(flag, edge)
                if next_flag and next_flag not in flags.get(edge.callee, Context.NONE):
                    todo.append((edge.callee, next_flag))


def _unproved(program: Program, flags: dict[Function, Context]) -> list[Root]:
    """Coroutine functions that no root reaches and no other coroutine function calls."""
    found = []
    for function in program.functions.values():
        if not function.scope.is_async or function in flags:
            continue
        if function.module.role not in {"source", "script"}:
            continue
        callers = [
            e for e in program.edges_to(function) if e.caller.scope.is_async and e.caller is not function
        ]
        if not callers:
            label = f"async def {function.label}"
            found.append(
                Root(function, Context.UNPROVED, "coroutine", function.qualname, label, function.header)
            )
    return found


def _split(flags: Context) -> list[Context]:
    return [flag for flag in _FLAGS if flag in flags]
