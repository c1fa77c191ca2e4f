"""Words of which names around secrets are made: a value of nothing but them names a secret, it is none."""

from __future__ import annotations

import re

_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_]+")
_PASSWORDS = frozenset({"password", "passwords", "passwd", "pwd", "passphrase", "passcode"})
_WORDS = frozenset(
    """
    access account active admin alg algorithm api app application auth authenticate authentication
    authorisation authorization authorize basic bearer body by callback challenge change check client
    code confirm confirmation connection cookie create created credential credentials csrf csrftoken
    current custom data database db decode default delete device digest disabled email enabled encode
    encrypted encryption error exchange expire expired expires expiry external factor failed field file
    first for forgot form from generate get grant hash hashed header headers hidden hmac http id
    identity in incorrect input internal invalid invitation invite is issuer jwt key keys label last
    ldap length list local login logout magic manager max message method middleware min mismatch missing
    model name new no none not oauth oauth2 of old on open optional or otp param parameter pass passcode
    passphrase passwd password passwords path payload permanent personal pin policy prefix private
    project provider public pwd query read recovery refresh register registration remember repeat
    required reset response revoke revoked role rotate rotation rsa salt saml scheme scope secret
    secrets secure security send server service session set sha sha256 sign signature signed signing
    signup source ssh sso state status storage store strength string subject super system tag target
    temporary text to token tokens two type unauthorized unknown update updated url use user userid
    username users using valid validate validation validator value verification verified verify version
    weak web webhook write wrong x xsrf your
    """.split()  # noqa: SIM905
)


def is_vocabulary(value: str) -> bool:
    """Whether a value is made of such words only (``access_token``, ``X-API-Key``, ``reset2``)."""
    if len(value) > 80:
        return False
    parts = [part.lower() for part in _PARTS.findall(value) if not part.isdigit()]
    return bool(parts) and all(part in _WORDS or part == "v" for part in parts)


def speaks_of_passwords(value: str) -> bool:
    """Whether one of the words is a password's name."""
    return any(part.lower() in _PASSWORDS for part in _PARTS.findall(value))
