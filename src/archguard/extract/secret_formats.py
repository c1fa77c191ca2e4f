"""Secrets that their own format gives away, whatever they are called."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from archguard.extract.secret_names import secret_name
from archguard.extract.secret_values import entropy, features_of
from archguard.knowledge.secret_formats import SecretFormat, secret_formats
from archguard.model.facts import Masked

_RUN = re.compile(r"[A-Za-z0-9+/=_-]{20,}")
_KEY_CHARACTERS = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")
_SHAPES = bytes(ord("A") if c in _KEY_CHARACTERS else c if c == ord("\n") else ord(" ") for c in range(256))
_LONG_RUN = b"A" * 20
_USERINFO = re.compile(r"[A-Za-z0-9+.-]://([^\s/@:?#'\"]{0,200}):([^\s/'\"]{1,300})@")
_LOCAL = re.compile(
    r"@(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\]|host\.docker\.internal|[a-z][a-z0-9_-]*)(?=[:/?]|$)"
)
_VARIABLE = re.compile(r"\$\{[^{}]*\}")
_KEY_LENGTH = 2_000
"""As much of a private key is looked at."""
_HOLE = re.compile(r"[\0]|\$?\{[^{}]*\}|\$\{?\w+\}?|%\(?\w*\)?s|<[^<>]*>")
_ASSIGNED = re.compile(
    r"""(?<![\w.-])([A-Za-z][\w.-]{1,80})["']?\s{0,8}(?:=>?|:(?=\s{0,8}["'])|(?<=["'])\s{0,8}:)\s{0,8}["']?([^\s"'&;,)]+)"""
)
_STATED = re.compile(
    r"""\b(?:PASSWORD|IDENTIFIED\s+BY|SECRET|ENCRYPTED)\s*\(?\s*E?'((?:[^']|'')+)'""", re.IGNORECASE
)
_BEARER = re.compile(r"\b(?:Bearer|Basic)\s+([A-Za-z0-9._~+/-]{6,}=*)", re.IGNORECASE)
_NOT_VALUE = re.compile(r"[:%${<?@\[(\0*]|(?:None|null|true|false|\.\.\.)$", re.IGNORECASE)
_HINTS = (
    "assw",
    "ASSW",
    "ecret",
    "ECRET",
    "oken",
    "OKEN",
    "pwd",
    "PWD",
    "key",
    "KEY",
    "Key",
    "redential",
    "IDENTIFIED",
    "identified",
    "uth",
    "AUTH",
)
_WORDLIKE = re.compile(r"[A-Z]?[a-z]{3,}|[A-Z]{4,}")
_UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_HEX = re.compile(r"[0-9a-f]{20,}|[0-9A-F]{20,}")


class Found(NamedTuple):
    """A secret in a text: its kind, and the part of the text that is it."""

    kind: str
    part: str


def secret_format(value: str) -> str:
    """The kind of secret that a text is or holds, or nothing."""
    found = find_secret(value)
    return found.kind if found else ""


def masked(value: str, named: str = "") -> Masked | None:
    """The value as it leaves this room, if its format or its name says secret.

    ``named`` is the kind that its name announces. The features speak of the part that is the secret.
    """
    found = find_secret(value)
    if found is None:
        return Masked(named, len(value), features_of(value)) if named else None
    return _hidden(found, value)


def formats_in(text: str) -> Iterator[tuple[int, int, Masked]]:
    """All secrets of a text that their formats give away, each with where it begins and ends.

    A provider's format is looked for only on lines with a long run of the characters that keys are made of.
    """
    lines = list(_lines_with_runs(text))
    shown = "\n".join([text[start:end] for start, end in lines])
    forms = (
        [form for form in secret_formats()[1:] if any(map(shown.__contains__, form.hints))] if lines else ()
    )
    for start, end in lines if forms else ():
        yield from _on_line(text, start, end, forms)
    if "PRIVATE KEY" in text:
        for match in _compiled(secret_formats()[0].pattern).finditer(text):
            part = text[match.start() : match.start() + _KEY_LENGTH]
            yield *match.span(), _hidden(Found("private-key", part), part)
    if "://" in text and "@" in text:
        for match in _USERINFO.finditer(_blanked(text)):
            if password := _HOLE.sub("", match.group(2)):
                around = text[match.start() : match.end() + 80].partition("\n")[0]
                yield match.start(1), match.end(), _hidden(Found("url-password", password), around)
    for match in _BEARER.finditer(text) if "earer " in text or "asic " in text else ():
        if not _plain(match.group(1).strip("._~+/-")):
            yield *match.span(1), _hidden(Found("authorization-header", match.group(1)), match.group(1))


def _lines_with_runs(text: str) -> Iterator[tuple[int, int]]:
    """Where lines with such a run begin and end. Translating bytes is ten times faster than a pattern."""
    shape = text.encode("utf-8", "replace").translate(_SHAPES)
    if _LONG_RUN in shape:
        start = 0
        for line, shown in zip(text.split("\n"), shape.split(b"\n"), strict=True):
            if _LONG_RUN in shown:
                yield start, start + len(line)
            start += len(line) + 1


def _on_line(
    text: str, start: int, end: int, forms: Sequence[SecretFormat]
) -> Iterator[tuple[int, int, Masked]]:
    line = text[start:end]
    for form in forms:
        if any(map(line.__contains__, form.hints)):
            for match in _compiled(form.pattern).finditer(line):
                found = Found(form.kind, match.group())
                yield start + match.start(), start + match.end(), _hidden(found, found.part)


def _hidden(found: Found, value: str) -> Masked:
    features = features_of(value if found.kind.endswith("high-entropy") else found.part)
    if len(value) > len(found.part) + 40 and len(value.split()) > 6:
        features = (*features, "prose")
    if not is_exact(found):
        features = (*features, "malformed")
    if "_test_" in found.part:
        features = (*features, "test")
    if found.kind == "url-password" and _LOCAL.search(value):
        features = (*features, "local")
    return Masked(found.kind, len(value), features)


def find_secret(value: str) -> Found | None:
    """The secret that a text is or holds."""
    if "@" in value and "://" in value and (password := url_password(value)):
        return Found("url-password", password)
    run = _RUN.search(value)
    if (run or "-----BEGIN" in value or "xox" in value or "eyJ" in value) and (known := _known(value)):
        return known
    if _may_state(value) and (stated := stated_secret(value)):
        return stated
    if "earer " in value or "asic " in value or "EARER " in value:
        match = _BEARER.search(value)
        if match and not _plain(match.group(1).strip("._~+/-")):
            return Found("authorization-header", match.group(1))
    return _random(value) if run else None


def _may_state(value: str) -> bool:
    """Whether a text could name a secret and its value: what all such texts have in common."""
    if "=" not in value and "'" not in value and '"' not in value:
        return False
    return any(hint in value for hint in _HINTS)


def _known(value: str) -> Found | None:
    for form in secret_formats():
        if any(map(value.__contains__, form.hints)) and (match := _compiled(form.pattern).search(value)):
            whole = form.kind == "private-key"
            return Found(form.kind, value[match.start() :] if whole else match.group())
    return None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Patterns are compiled when a text has one of their hints, which few texts have."""
    return re.compile(pattern)


def is_exact(found: Found) -> bool:
    """Whether a secret has the very shape that its provider hands out."""
    form = next((form for form in secret_formats() if form.kind == found.kind), None)
    if form is None:
        return True
    if found.kind == "private-key":
        body = found.part.partition("-----END")[0]
        return _compiled(form.exact).match(body) is not None and "..." not in body and "…" not in body
    return _compiled(form.exact).fullmatch(found.part) is not None and (
        found.kind != "jwt" or _is_token(found.part)
    )


def _is_token(text: str) -> bool:
    """Whether the first two parts of a JSON Web Token are JSON."""
    import json

    for part in text.split(".")[:2]:
        try:
            json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
        except (ValueError, RecursionError):
            return False
    return True


def url_password(value: str) -> str:
    """The password of a URL in the text, where it is there in full or in part."""
    passwords = (_HOLE.sub("", match.group(2)) for match in _USERINFO.finditer(_blanked(value)))
    return next(filter(None, passwords), "")


def _blanked(text: str) -> str:
    """The text with null characters for ``${VARIABLE:-default}``, which is no part of an address."""
    while "${" in text and (blanked := _VARIABLE.sub(lambda m: "\0" * len(m[0]), text)) != text:
        text = blanked
    return text


def dsn_password_across(skeleton: str) -> str:
    """The kind of secret in an f-string's literal parts taken together; holes are null characters."""
    if "\0" not in skeleton:
        return ""
    if "@" in skeleton and "://" in skeleton and url_password(skeleton):
        return "url-password"
    return ""


def stated_secret(value: str) -> Found | None:
    """Secrets that a text names itself: SQL's ``PASSWORD '…'``, ``password=…``, ``"token": "…"``."""
    if match := _STATED.search(value):
        return Found("stated-password", match.group(1))
    for match in _ASSIGNED.finditer(value):
        kind = secret_name(match.group(1).rpartition(".")[2])
        if kind and not _NOT_VALUE.match(match.group(2)):
            return Found(kind.replace("named-", "stated-"), match.group(2))
    return None


def _plain(token: str) -> bool:
    """Whether a token reads as words."""
    return token.isalpha() and (token.islower() or token.istitle())


def _random(value: str) -> Found | None:
    for match in _RUN.finditer(value):
        token = match.group()
        if not _UUID.fullmatch(token) and (kind := _random_token(token)):
            return Found(kind, token)
    return None


def _random_token(token: str) -> str:
    hexadecimal = _HEX.search(token)
    if hexadecimal and not hexadecimal.group().isdigit() and entropy(hexadecimal.group()) >= 2.8:
        return "hex-high-entropy"
    for part in re.split(r"[/=]+", token) if token.count("/") > 2 else [token]:
        if len(part) >= 20 and _is_base64_secret(part):
            return "base64-high-entropy"
    return ""


def _is_base64_secret(token: str) -> bool:
    """Mixed letters and digits that are not words put together."""
    lower = token != token.upper()
    upper = token != token.lower()
    digits = any(map(str.isdigit, token))
    if not (lower and upper and (digits or len(token) >= 32)):
        return False
    words = sum(len(word) for word in _WORDLIKE.findall(token))
    return words < 0.6 * len(token) and entropy(token) >= 3.3
