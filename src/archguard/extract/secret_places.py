"""Where the secrets of a Python file stand and what they go by; their values stay behind.

A masked literal is noted at its own place. Whatever encloses it then lays claim to it from the inside
out: the key of a dict before the keyword that takes the dict, the keyword before the assignment.
"""

from __future__ import annotations

import ast
import re

from msgspec.structs import replace

from archguard.extract.python_state import Frame
from archguard.extract.secret_formats import secret_format
from archguard.model.facts import Masked, Secret, SecretUse

_NAME = re.compile(r"[A-Za-z_$@][\w.$ /:@-]{0,79}")
_GUESSES = frozenset({"hex-high-entropy", "base64-high-entropy"})
"""Formats that say only that a value looks random."""

SINKS: dict[str, tuple[frozenset[str], int]] = {
    "encode": (frozenset({"jwt", "pyjwt", "jose"}), 1),
    "decode": (frozenset({"jwt", "pyjwt", "jose"}), 1),
    "new": (frozenset({"hmac"}), 0),
    "digest": (frozenset({"hmac"}), 0),
    "Fernet": (frozenset({"", "fernet"}), 0),
    "URLSafeSerializer": (frozenset({"", "itsdangerous"}), 0),
    "URLSafeTimedSerializer": (frozenset({"", "itsdangerous"}), 0),
    "TimestampSigner": (frozenset({"", "itsdangerous"}), 0),
}
"""Calls that take a key at a position: the last name, what may stand before it, and the position."""


def key_position(node: ast.Call) -> int:
    """At which position a call takes the key that it signs, verifies or encrypts with; -1 for none."""
    callee = node.func
    if type(callee) is ast.Attribute:
        holder = callee.value
        before = holder.id if type(holder) is ast.Name else getattr(holder, "attr", "?")
        holders, position = SINKS.get(callee.attr, (frozenset(), -1))
        return position if before in holders else -1
    if type(callee) is ast.Name:
        holders, position = SINKS.get(callee.id, (frozenset(), -1))
        return position if "" in holders else -1
    return -1


def note(frame: Frame, node: ast.expr, masked: Masked, named: str = "") -> None:
    """Notes a masked literal; ``named`` is what its name gave away."""
    kind = named if named and (masked.kind in _GUESSES or masked.kind.startswith("stated-")) else masked.kind
    place = frame.span(node, node)
    frame.module.secrets.append(Secret(place, kind, masked.length, masked.features, scope=frame.index))


def claim(frame: Frame, start: int, name: str, use: SecretUse, call: str = "") -> None:
    """Gives those noted since ``start`` that nothing further in has claimed a name and a use."""
    found = frame.module.secrets
    plain = safe_name(name)
    for index in range(start, len(found)):
        one = found[index]
        if not one.name:
            use_kept = one.use if one.use != "assigned" else use
            found[index] = replace(one, name=plain, use=use_kept, call=one.call or call)


def describe(frame: Frame, start: int, feature: str) -> None:
    """Adds a feature to those noted since ``start`` that nothing further in has claimed."""
    found = frame.module.secrets
    for index in range(start, len(found)):
        one = found[index]
        if not one.name and feature not in one.features:
            found[index] = replace(one, features=(*one.features, feature))


def safe_name(name: str) -> str:
    """The name, if it is one and no secret itself."""
    return name if _NAME.fullmatch(name) and not secret_format(name) else ""


def mark(frame: Frame, start: int, use: SecretUse, call: str = "") -> None:
    """Says how those noted since ``start`` are used, where nothing further in has."""
    found = frame.module.secrets
    for index in range(start, len(found)):
        one = found[index]
        if not one.name and one.use == "assigned":
            found[index] = replace(one, use=use, call=one.call or call)


def dotted(node: ast.expr) -> str:
    """A callee as far as it is names: ``os.environ.get``; any other expression in it is ``()``."""
    parts: list[str] = []
    while type(node) is ast.Attribute and len(parts) < 6:
        parts.append(node.attr)
        node = node.value
    parts.append(node.id if type(node) is ast.Name else "()")
    return ".".join(reversed(parts))[:80]
