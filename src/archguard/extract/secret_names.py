"""Names that say that their value is a secret."""

from __future__ import annotations

import re
from functools import lru_cache

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_JOINED = re.compile(r"\b[a-z0-9]+(password|passwd|apikey|secretkey|accesskey)\b")
"""``PGPASSWORD`` has no boundary to be split at."""
_SPLIT = re.compile(r"[^a-z0-9]+")

_KINDS: tuple[tuple[str, str], ...] = (
    ("named-password", r"password|passwords|passwd|pwd|passphrase|passcode"),
    ("named-private-key", r"private key|privkey|ssh key|rsa key"),
    (
        "named-api-key",
        r"api key|apikey|api keys|apikeys|admin key|account key|master key|license key|auth key|authkey",
    ),
    ("named-access-key", r"access key|accesskey|secret access"),
    (
        "named-secret-key",
        r"secret key|encryption key|signing key|secretkey|signature key|session key|fernet key",
    ),
    ("named-token", r"token|access tokens|api tokens|auth tokens|bearer tokens|jwt|bearer"),
    ("named-credential", r"credential|credentials|creds|connection string"),
    ("named-auth", r"authorization|(?:^|.* )auth$|basic auth"),
    ("named-secret", r"secret|secrets|secrete"),
    ("named-salt", r"salt|pepper"),
)
_STEMS = (
    "pass",
    "pwd",
    "key",
    "secret",
    "token",
    "jwt",
    "bearer",
    "cred",
    "auth",
    "salt",
    "pepper",
    "connection",
)
"""Each of the kinds' words has one of these in it."""

_PATTERNS = tuple(
    (kind, re.compile("|".join(f"(?:(?:^|.* )(?:{option})(?:$| .*))" for option in pattern.split("|"))))
    if kind != "named-auth"
    else (kind, re.compile(r"(?:(?:^|.* )authorization(?:$| .*))|(?:(?:^|.* )auth$)"))
    for kind, pattern in _KINDS
)
_VALUE_KEYS = re.compile(
    r".*\b(?:secret|api|private|access|signing|encryption|ssh|rsa|admin|account|master|license|auth|signature|session"
    r"|fernet) keys?$"
)
_NOT_LAST = frozenset(
    """
    account action age alg algorithm algorithms at attr attribute audience backend backends bucket
    budget by callback changed check checks class client cls column config context cost count counts
    days dependency description dir directory disabled doc docs docstring domain email enabled endpoint
    endpoints engine env envvar error errors event exception exists exp expected_type expiration expire
    expires expiry factory field fields file filename files flow folder form format formats generator
    getter group groups handler hasher hashers header headers help hint host hours id ids index input
    invalid issuer key keys kind label len length lifetime limit limits loader location login manager
    max message messages method methods middleware min minute minutes missing mode model module msg name
    names num number offset on option options package param parameter parameters params path paths
    pattern per permission permissions placeholder plugin policy policyid port position prefix price
    prompt provider providers rate ratio re reader regex request required required_error reset resolver
    response role roles route router routes rule rules schema scheme schemes scope scopes second seconds
    service setter settings size source state status store strategy strength subject suffix table tag
    tags template test tests text timeout title total ttl type types uri uris url urls usage used user
    username valid validator validators var verification verified version view views writer
    """.split()  # noqa: SIM905
)
_OWNERS = frozenset(
    """
    admin auth basic database db email ftp login mail my mysql pg postgres redis root smtp sql ssh user
    """.split()  # noqa: SIM905
)
"""What a ``pass`` belongs to that is no passage."""
_NOT_FIRST = frozenset(
    """
    allow bos can completion continuation disable empty enable end eos expired forgot has hide incorrect
    invalid is line mask max min missing n next no num pad page prompt require requires sep should show
    special start stop supports total unk use with wrong
    """.split()  # noqa: SIM905
)
_CALL = re.compile(
    r"(?:(?:set|make|check|hash|verify|create|encrypt|validate|change|update|reset)_(?:\w+_)?"
    r"(?:password|passwd|pwd|passphrase|secret|api_?key)(?:_hash)?)|get_password_hash|hashpw|compare_digest"
)


@lru_cache(maxsize=8192)
def secret_name(name: str) -> str:
    """The kind of secret that a name announces (``named-password``), or nothing.

    Names of what surrounds a secret (``token_url``, ``password_field``, ``next_token``) announce none.
    """
    lowered = name.lower()
    if not any(stem in lowered for stem in _STEMS):  # most names; the rest is thirty times as slow
        return ""
    return _announced(name)


def _announced(name: str) -> str:
    if not 3 <= len(name) <= 80 or " " in name.strip() or "\n" in name:
        return ""
    text = _SPLIT.sub(" ", _CAMEL.sub("_", name).lower()).strip()
    text = _JOINED.sub(r"of \1", text.replace("pass word", "password")).partition(" for ")[0]
    words = text.split()
    if not words or words[0] in _NOT_FIRST:
        return ""
    if words[-1] == "pass" and (len(words) == 1 or words[-2] in _OWNERS):
        return "named-password"
    if words[-1] in {"secret", "secrets"}:
        return "named-secret"
    if words[-1] in _NOT_LAST and not _VALUE_KEYS.match(text):
        return ""
    return next((kind for kind, pattern in _PATTERNS if pattern.fullmatch(text)), "")


@lru_cache(maxsize=8192)
def secret_call(name: str) -> bool:
    """Whether a function of this name takes secrets as they are (``set_password``)."""
    return _CALL.fullmatch(name.lower().lstrip("_")) is not None
