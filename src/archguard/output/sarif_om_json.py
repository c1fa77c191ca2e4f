"""Objects of sarif_om as JSON values: names from the schema, defaults left out."""

from __future__ import annotations

import attr

_ALWAYS = frozenset({"level"})
"""Written also where it is the default: people read it, and not every reader knows the default."""


def to_value(thing: object) -> object:
    """The JSON value; lists and dicts are gone through, anything else stays as it is."""
    if isinstance(thing, list | tuple):
        return [to_value(item) for item in thing]
    if isinstance(thing, dict):
        return {name: to_value(item) for name, item in thing.items()}
    kind = type(thing)
    if not attr.has(kind):
        return thing
    return {
        field.metadata["schema_property_name"]: to_value(value)
        for field in attr.fields(kind)
        if (value := getattr(thing, field.name)) is not None
        and (field.name in _ALWAYS or not _is_default(field.default, value))
    }


def _is_default(default: object, value: object) -> bool:
    """Whether leaving the value out says the same; a required field has no default."""
    if isinstance(default, attr.Factory):  # type: ignore[arg-type]
        default = default.factory()  # type: ignore[attr-defined]
    return default is not attr.NOTHING and bool(value == default)
