"""What may be said of a secret's value without saying it."""

from __future__ import annotations

import math
import re
from collections import Counter
from functools import cache
from itertools import pairwise

from archguard.extract.secret_words import is_vocabulary, speaks_of_passwords

_SCHEMES = frozenset(
    {"bearer", "basic", "token", "digest", "apikey", "api-key", "jwt", "utf-8", "utf8", "ascii", "latin-1"}
)
_PLACEHOLDER = (
    r"(?i)<[^>]*>|\[[^\]]*\]|([x*.#?0_-])\1*|[x*.\-_ ]+|(?:none|null|nil|n/a|test\w*|foo|bar|string)"
    r"|.*(?:change.?me|change.?this|change.?it|your[-_ ]|placeholder|example|replace|insert|dummy|redacted"
    r"|sample|fixme|todo|not.?set|unset|(?:secret|password|key|token).?(?:goes.?)?here|fake|foobar|x{3,}"
    r"|\*{3,}|\.{3,}|-{3,}|…).*"
)
_FEATURES: tuple[tuple[str, str], ...] = (
    ("env-name", r"[A-Z][A-Z0-9]*(?:_+[A-Z0-9]+)+"),
    ("acronym", r"[A-Z]{2,12}"),
    ("word", r"[_.-]*[A-Za-z]+[_.-]*"),
    ("words", r"[_.-]*[A-Za-z]+\d{0,2}(?:[-_ ./:][A-Za-z]+\d{0,2})+[_.!?:-]*"),
    ("sentence", r"\S+\s+\S+\s+\S.*|(?i:an?|the|your)\s+\S.*"),
    ("digits", r"\d+"),
    ("hex", r"(?:0x)?[0-9a-fA-F]{8,}"),
    ("uuid", r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"),
    ("base64", r"(?=.*\d)(?=.*[A-Z])(?=.*[a-z])[A-Za-z0-9+/_-]{16,}={0,2}"),
    ("url", r"[a-zA-Z][a-zA-Z0-9+.-]*://.*"),
    ("path", r"(?:\.{0,2}/)[\w./-]+|[\w./-]+\.(?:pem|key|crt|json|ya?ml|txt|env|toml)"),
    (
        "template",
        r".*(?:\{[^{}]*\}|%\(\w*\)s|\$\{\w+|\$[A-Z_]{3,}|\$\(|<[\w -]+>|%\w+%|\{%).*"
        r"|(?:.*\s)?%[sdr](?:\s.*)?|\$\w+",
    ),
    (
        "hash",
        r"\$(?:2[abxy]|argon2\w*|pbkdf2\S*|scrypt|1|5|6|apr1)\$.*|(?:pbkdf2|argon2|bcrypt|scrypt|sha\d|md5)\w*[$:].*",
    ),
    ("mixed", r"(?=.*\d)(?=.*[A-Za-z]).*"),
    ("code", r".*(?:\w\(|\)\.|=>|::|[\[\]{}]\s*[,;]?$).*|[^\w\s]{1,3}"),
)
_REPEATED = re.compile(r"(.)\1{5,}")
_RISING = 6


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Most files have no secret, and need none of the patterns."""
    return re.compile(pattern, re.DOTALL)


def features_of(value: str) -> tuple[str, ...]:
    """What a rule may know of a masked value without knowing it; sorted."""
    head = value[:1000].strip()
    found = [name for name, pattern in _FEATURES if _compiled(pattern).fullmatch(head)]
    if _compiled(_PLACEHOLDER).fullmatch(head):
        found.append("placeholder")
    if len(value) < 8:
        found.append("short")
    if is_vocabulary(head):
        found.append("vocabulary")
    if speaks_of_passwords(head):
        found.append("password-word")
    if is_repetitive(head):
        found.append("repetitive")
    found.append("high-entropy" if entropy(head) >= 3.5 else "low-entropy")
    return tuple(sorted(found))


def is_repetitive(value: str) -> bool:
    """Whether a value was typed by hand to look like one: ``AAAAAAAA``, ``1234567890``, ``abcdefg``."""
    if len(value) >= 12 and len(set(value)) < min(len(value) / 3, 9):
        return True
    if _REPEATED.search(value):
        return True
    rising = 1
    for before, after in pairwise(value):
        rising = rising + 1 if ord(after) - ord(before) == 1 else 1
        if rising >= _RISING:
            return True
    return False


def is_like(value: str, name: str) -> bool:
    """Whether a value only says again what it is called: ``SECRET_METADATA_ROOT = "secret-metadata"``."""
    said = "".join(filter(str.isalnum, value)).lower()
    called = "".join(filter(str.isalnum, name)).lower()
    return bool(said) and (said == called or (len(said) >= 6 and said in called))


def is_scheme(value: str) -> bool:
    """Whether a value is only the name of a way to authenticate, or of an encoding."""
    return value.strip().lower() in _SCHEMES


def entropy(value: str) -> float:
    """Shannon's entropy, bits per character."""
    length = len(value)
    return -sum(n / length * math.log2(n / length) for n in Counter(value).values()) if length else 0.0
