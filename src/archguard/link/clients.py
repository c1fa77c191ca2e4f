"""Clients of external services: where they are built, and how long they live."""

from __future__ import annotations

from typing import Literal

from archguard.model.facts import Attr, Call, Name, Result, Write
from archguard.model.program import Client, Edge, Program

_CLIENT_ROLES = {
    "async-redis-client",
    "database-connection",
    "database-engine",
    "database-pool",
    "http-client",
    "mongo-client",
    "redis-client",
}


def find_clients(program: Program) -> tuple[Client, ...]:
    """Every construction of a library object that knowledge calls a client, pool or engine."""
    roles = program.policy.knowledge.roles
    found = [
        Client(edge.external.partition(".")[0], edge.external, edge.span, _lifetime(edge))
        for function, edges in program.edges.get().items()
        if function.module.role in {"source", "script"}
        for edge in edges
        if roles.get(edge.external) in _CLIENT_ROLES
    ]
    return tuple(sorted(found, key=lambda client: (client.span, client.symbol)))


def _lifetime(edge: Edge) -> Literal["module", "object", "call"]:
    """Where the new object is kept: on the module, on an object, or for one call."""
    caller = edge.caller
    for event in caller.scope.events:
        if isinstance(event, Write) and event.value == Result(edge.event):
            if isinstance(event.target, Attr):
                return "object"
            if isinstance(event.target, Name) and event.target.id in caller.scope.globals:
                return "module"
    call = caller.scope.events[edge.event] if edge.event >= 0 else None
    if caller.scope.kind in {"module", "class"} and isinstance(call, Call):
        return "module"
    return "call"
