"""Takes back the reads of names that turned out to be bound by the scope after all.

Whether a scope binds a name is known at its end. A read before the binding (in a loop, mostly) is
rare, so it is written first and taken out then, with every `Result` moved.
"""

from __future__ import annotations

from typing import TypeVar

import msgspec

from archguard.extract.python_state import Frame
from archguard.model.facts import Name, Read, Result, Scope
from archguard.model.place import Place

T = TypeVar("T")


def settle(frame: Frame) -> None:
    """Drops the reads of names that the complete scope binds."""
    frame.bound -= frame.outside
    bound = frame.bound
    stale = {i for i in frame.reads if _name_at(frame, i) in bound}
    if not stale:
        return
    moved = _moved(len(frame.events), stale)
    frame.events = [_shifted(e, moved) for i, e in enumerate(frame.events) if i not in stale]
    frame.regions = [_shifted(region, moved) for region in frame.regions]
    scopes = frame.module.scopes
    for index in range(frame.index + 1, len(scopes)):
        if scopes[index].parent == frame.index:
            scopes[index] = _moved_header(scopes[index], moved)


def _name_at(frame: Frame, index: int) -> str:
    event = frame.events[index]
    return event.value.id if isinstance(event, Read) and isinstance(event.value, Name) else ""


def _moved(count: int, stale: set[int]) -> list[int]:
    moved, gone = [], 0
    for index in range(count + 1):
        moved.append(index - gone)
        gone += index in stale
    return moved


def _moved_header(scope: Scope, moved: list[int]) -> Scope:
    """A child whose header indexes the events of this scope."""
    return msgspec.structs.replace(
        scope,
        position=moved[scope.position],
        parameters=_shifted(scope.parameters, moved),
        returns=_shifted(scope.returns, moved),
        decorators=_shifted(scope.decorators, moved),
        bases=_shifted(scope.bases, moved),
        keywords=_shifted(scope.keywords, moved),
    )


def _shifted(value: T, moved: list[int]) -> T:
    if isinstance(value, Result):
        return type(value)(moved[value.event])
    if isinstance(value, tuple):
        return tuple([_shifted(v, moved) for v in value])  # type: ignore[return-value]
    if isinstance(value, msgspec.Struct) and not isinstance(value, Place):
        fields = [_shifted(getattr(value, f), moved) for f in value.__struct_fields__]
        return type(value)(*fields)
    return value
