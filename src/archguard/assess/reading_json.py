"""Looks into JSON that somebody else wrote: whatever is missing or of another kind is empty."""

from __future__ import annotations


def at(value: object, *path: str | int) -> object:
    """What stands under the names and positions, or None."""
    for step in path:
        if type(value) is dict:
            value = value.get(step)
        elif type(value) is list and type(step) is int and 0 <= step < len(value):
            value = value[step]
        else:
            return None
    return value


def text(value: object, *path: str | int) -> str:
    """The text there, or an empty one."""
    found = at(value, *path)
    return found if isinstance(found, str) else ""


def whole(value: object, *path: str | int, default: int = 0) -> int:
    """The whole number there, or the default."""
    found = at(value, *path)
    return found if isinstance(found, int) and not isinstance(found, bool) else default


def listed(value: object, *path: str | int) -> list[object]:
    """The list there, or an empty one."""
    found = at(value, *path)
    return found if isinstance(found, list) else []


def texts(value: object, *path: str | int) -> tuple[str, ...]:
    """The texts in the list there."""
    return tuple(item for item in listed(value, *path) if isinstance(item, str))
