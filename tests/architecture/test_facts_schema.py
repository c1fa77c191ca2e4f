"""The facts' shape is what caches hold: it changes only together with its version."""

from __future__ import annotations

import hashlib
from typing import get_args

import msgspec

from archguard.model import facts
from archguard.model.facts import FACTS_VERSION
from archguard.model.place import Place

SHAPES = {
    1: "0769cc89a0a02339",
    2: "0769cc89a0a02339",  # more of what follows a secret's name is masked
    3: "4384f6ca42fc193b",  # where secrets stand and what they go by, in every kind of file
    4: "9285f16f84bb45f8",  # break and continue
}
"""The digest of `shape()` for each version. A new shape is a new version and a new line here."""


def _structs() -> list[type[msgspec.Struct]]:
    own = [v for v in vars(facts).values() if isinstance(v, type) and issubclass(v, msgspec.Struct)]
    return sorted({*own, Place}, key=lambda s: s.__name__)


def shape() -> str:
    """Every struct with its tag, and each field with its type and default."""
    lines = []
    for struct in _structs():
        config = struct.__struct_config__
        lines.append(f"{struct.__name__} {config.tag} {config.array_like} {config.frozen} {config.gc}")
        written = struct.__annotations__  # as in the source, which prints alike in every Python
        lines += [f"  {f.name}: {written[f.name]} = {_default(f)}" for f in msgspec.structs.fields(struct)]
    lines += [f"{name}: {sorted(get_args(getattr(facts, name)))}" for name in _vocabularies()]
    return "\n".join(lines)


def test_the_shape_changes_only_with_the_version() -> None:
    digest = hashlib.sha256(shape().encode()).hexdigest()[:16]
    assert SHAPES.get(FACTS_VERSION) == digest, f"raise FACTS_VERSION and note {digest} for:\n{shape()}"


def _default(field: msgspec.structs.FieldInfo) -> str:
    return "required" if field.required else repr(field.default)


def _vocabularies() -> list[str]:
    return sorted(name for name in vars(facts) if name.endswith("Kind"))


def test_only_fields_with_defaults_follow_fields_with_defaults() -> None:
    for struct in _structs():
        required = [f.required for f in msgspec.structs.fields(struct)]
        assert required == sorted(required, reverse=True)


def test_facts_cost_the_garbage_collector_nothing() -> None:
    assert [s for s in _structs() if s.__struct_config__.gc] == []


def test_facts_are_values() -> None:
    assert [
        s for s in _structs() if not (s.__struct_config__.frozen and s.__struct_config__.array_like)
    ] == []
