"""Library calls that keep their thread waiting, and those that were told not to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archguard.model.facts import Attr, Const, Name
from archguard.model.lookups import call_of, last_name
from archguard.model.policy import Blocking, Knowledge, blocking_call
from archguard.model.program import Edge

_NO_WAIT_FLAGS = {"NOBLOCK", "DONTWAIT", "MSG_DONTWAIT", "WNOHANG"}
_NOT_WAITING = {"blocking": False, "block": False, "timeout": 0, "wait": False}


def waiting_calls(knowledge: Knowledge, edges: Sequence[Edge]) -> Iterator[tuple[Edge, Blocking]]:
    """The calls of one function that keep their thread, waiting or computing.

    An awaited call is a coroutine's, whatever its name; what runs once in a process is start-up's.
    """
    ready = {_owner(edge) for edge in edges if _asks_for_what_is_there(edge)}
    for edge in edges:
        if edge.external and edge.mode != "await" and not edge.once:
            found = blocking_call(knowledge, edge.external)
            if found is not None and not _told_not_to_wait(edge) and _owner(edge) not in ready:
                yield edge, found


def _owner(edge: Edge) -> str:
    return edge.external.rpartition(".")[0] or edge.external


def _asks_for_what_is_there(edge: Edge) -> bool:
    """Whether a call takes only what is ready; what follows on the same object is ready too."""
    call = call_of(edge) if edge.external else None
    if call is None:
        return False
    given = [*call.arguments, *(value for name, value in call.keywords if name == "flags")]
    return any(isinstance(value, (Name, Attr)) and last_name(value) in _NO_WAIT_FLAGS for value in given)


def _told_not_to_wait(edge: Edge) -> bool:
    call = call_of(edge)
    if call is None:
        return False
    if edge.external == "time.sleep" and call.arguments == (Const(0),):
        return True
    return any(
        isinstance(value, Const) and name in _NOT_WAITING and value.value == _NOT_WAITING[name]
        for name, value in call.keywords
    )
