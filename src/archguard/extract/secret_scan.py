"""Secrets in text that no parser reads: by format wherever they stand, by name where a value follows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from archguard.extract.secret_formats import formats_in, masked
from archguard.extract.secret_names import secret_name
from archguard.extract.secret_places import safe_name
from archguard.extract.secret_values import is_scheme
from archguard.extract.text_lines import Lines
from archguard.model.facts import Masked, Secret, SecretUse

LONGEST_LINE = 4_000
"""What is longer was written by a program: names mean nothing in it."""

_HINTS = (
    *("passw", "pwd", "passphrase", "passcode", "_pass", "secret", "token", "credential", "creds", "auth"),
    *(
        "_key",
        "-key",
        "apikey",
        "accesskey",
        "privatekey",
        "secretkey",
        "masterkey",
        "accountkey",
        "adminkey",
    ),
    *("signingkey", "encryptionkey", "sessionkey", "licensekey", "fernetkey", "privkey", "authkey"),
    *("jwt", "bearer", "connection"),
)
"""What every name of a secret has in it, in lower case."""


class _Value(NamedTuple):
    """A value of a text: the name that it is given there, and where it stands."""

    name: str
    start: int
    end: int


class _Hit(NamedTuple):
    """What a format gives away, and where it stands."""

    start: int
    end: int
    secret: Masked


def secrets_in(
    text: str, patterns: Sequence[re.Pattern[str]], pairs: re.Pattern[str] | None = None
) -> tuple[Secret, ...]:
    """The secrets of a text in the order of their places.

    ``patterns`` find what is given a name on one line, ``pairs`` what is over several: the group ``name``,
    and the one other group that took part.
    """
    hits = [_Hit(start, end, secret) for start, end, secret in formats_in(text)]
    named = {value.start: value for value in _values(text, hits, patterns, pairs)}
    found: list[tuple[int, int, Masked, str, SecretUse]] = []
    for value in named.values():
        inside = [hit for hit in hits if value.start <= hit.start < value.end]
        secret = _of_value(text, value, inside)
        if secret is not None:
            hits = [hit for hit in hits if hit not in inside]
            found.append((value.start, value.end, secret, safe_name(value.name), "assigned"))
    found += [(hit.start, min(hit.end, _line_end(text, hit.start)), hit.secret, "", "text") for hit in hits]
    if not found:
        return ()
    lines = Lines(text)
    return tuple(
        Secret(lines.place(start, end), secret.kind, secret.length, secret.features, name, use)
        for start, end, secret, name, use in sorted(found, key=lambda each: each[:2])
    )


def _values(
    text: str, hits: Iterable[_Hit], patterns: Sequence[re.Pattern[str]], pairs: re.Pattern[str] | None
) -> Iterator[_Value]:
    of_hits = {(text.rfind("\n", 0, hit.start) + 1, _line_end(text, hit.start)) for hit in hits}
    for start, end in sorted(of_hits.union(_naming_lines(text))):
        if end - start <= LONGEST_LINE:
            for pattern in patterns:
                yield from map(_value, pattern.finditer(text, start, end))
    if pairs is not None:
        yield from map(_value, pairs.finditer(text))


def _value(match: re.Match[str]) -> _Value:
    group = match.lastgroup or "name"
    return _Value(match["name"], match.start(group), match.end(group))


def _naming_lines(text: str) -> list[tuple[int, int]]:
    """The lines on which a secret's name may stand, by where they begin and end: few of any file."""
    lowered = text.lower()
    if len(lowered) != len(text):  # a letter whose small form is two, so that positions would differ
        lowered = "".join(c.lower() if c.isascii() else c for c in text)
    found: set[tuple[int, int]] = set()
    for hint in _HINTS:
        at = lowered.find(hint)
        while at >= 0:
            end = _line_end(text, at)
            found.add((text.rfind("\n", 0, at) + 1, end))
            at = lowered.find(hint, end)
    return sorted(found)


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end


def _of_value(text: str, value: _Value, hits: list[_Hit]) -> Masked | None:
    shown = text[value.start : value.end]
    kind = secret_name(value.name)
    if is_scheme(shown) or not (kind or hits):
        return None
    secret = hits[0].secret if hits else masked(shown, kind)
    if secret is None or not kind:
        return secret
    guessed = secret.kind.startswith("stated-") or secret.kind.endswith("high-entropy")
    return Masked(kind, secret.length, secret.features) if guessed else secret
