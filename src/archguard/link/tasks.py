"""Work that runs beside its starter."""

from __future__ import annotations

from archguard.model.program import Program, Task

_BESIDE = {"task", "thread", "process", "threadpool", "callback"}


def find_tasks(program: Program) -> tuple[Task, ...]:
    """Tasks, threads, processes and callbacks that production code starts, in order of place."""
    found = [
        Task(edge.mode, edge.callee, edge.span)
        for function, edges in program.edges.get().items()
        if function.module.role in {"source", "script"}
        for edge in edges
        if edge.mode in _BESIDE and edge.callee is not None
    ]
    return tuple(sorted(dict.fromkeys(found), key=lambda task: (task.span, task.function.qualname)))
