"""How much a literal weighs that may be a secret: judged by its name, its use and its features alone.

What the rules on secrets share. A value is *strong* where its format or its look says that it was
drawn by chance or chosen as a password, *weak* where it is a real value that anybody could guess.
"""

from __future__ import annotations

import re
from enum import IntEnum

from archguard.model.facts import Secret
from archguard.model.program import Function, Program, SecretFile
from archguard.model.values import External

_ELSEWHERE = {"template", "env-name", "url", "path", "code", "uuid", "hash"}
"""The value says where the secret is, or is no secret by its form."""

_SIGNING = {"named-secret-key", "named-secret", "named-private-key"}
_PLAIN = {"word", "words", "sentence", "vocabulary"}
_TEXTS = {"url-password", "authorization-header", "jwt", "private-key"}
"""Formats that everybody writes into tests and examples."""

_SAMPLE = re.compile(
    r"(?:^|[._-])(?:examples?|samples?|templates?|tmpl|dist|tests?|testing|ci|e2e)(?:[._-]|$)", re.I
)
_DEVELOPERS = re.compile(
    r"(?:^|[._-])(?:dev|devel|develop|development|local|default|defaults)(?:[._-]|$)"
    r"|^(?:taskfile|justfile|makefile|tox|mypy|pytest|setup)\b",
    re.I,
)
_MADE_UP = {"test", "example", "vendored", "generated"}

_KINDS = {
    "url-password": "a URL with a password",
    "authorization-header": "an authorization header",
    "jwt": "a JSON Web Token",
    "private-key": "a private key",
    "aws-access-key": "an AWS access key",
    "age-key": "an age key",
    "discord-token": "a Discord token",
    "discord-webhook": "a Discord webhook",
    "github-token": "a GitHub token",
    "gitlab-token": "a GitLab token",
    "google-api-key": "a Google API key",
    "slack-token": "a Slack token",
    "slack-webhook": "a Slack webhook",
    "stripe-key": "a Stripe key",
    "twilio-key": "a Twilio key",
    "sendgrid-key": "a SendGrid key",
    "telegram-token": "a Telegram token",
    "artifactory-token": "an Artifactory token",
    "azure-storage-key": "an Azure storage key",
    "openai-key": "a key of an AI provider",
    "named-password": "a password",
    "named-private-key": "a private key",
    "named-api-key": "an API key",
    "named-access-key": "an access key",
    "named-secret-key": "a secret key",
    "named-token": "a token",
    "named-credential": "a credential",
    "named-auth": "a credential",
    "named-secret": "a secret",
}
_SETTERS = re.compile(r"(?:^|[._])(?:set|make|change|update|reset)_\w*pass")
_FROM_MAPPINGS = re.compile(r"(?:^|\.)(?:get|pop|getattr|setdefault)$")
_STAND_IN = re.compile(
    r"(?:^|_)(?:fake|dummy|mock|example|sample|tests?|testing|demo|placeholder)(?:_|$)", re.I
)
_PLURAL = re.compile(r"(?:passwords|tokens|secrets|keys|credentials)$", re.I)
_READERS = re.compile(
    r"(?:^|\.)(?:getenv|environ\.(?:get|pop|setdefault)|environb\.get|env|env\.\w+|Env\.\w+|config|Field)$"
)


class Weight(IntEnum):
    """How much speaks for a literal being a secret."""

    NONE = 0
    WEAK = 1
    STRONG = 2


def is_named(secret: Secret) -> bool:
    """Whether only its name says so."""
    return secret.kind.startswith("named-")


def what(secret: Secret) -> str:
    """What kind of secret it is, in words."""
    kind = secret.kind.replace("stated-", "named-")
    return _KINDS.get(kind) or f"a {kind.replace('-', ' ')}"


def weight(secret: Secret) -> Weight:
    """How much a literal weighs where placeholders are harmless."""
    features = set(secret.features)
    if secret.kind == "private-key":
        return Weight.NONE if "malformed" in features else Weight.STRONG
    if "placeholder" in features or secret.kind.endswith("high-entropy"):
        return Weight.NONE
    if is_named(secret):
        return _named(secret, features)
    if "prose" in features and (secret.kind in _TEXTS or secret.kind.startswith("stated-")):
        return Weight.NONE
    if secret.kind.startswith("stated-"):
        given = features & (_ELSEWHERE | _PLAIN | {"repetitive", "short"})
        return Weight.NONE if given or "mixed" not in features else Weight.STRONG
    if secret.kind == "url-password":
        return _in_url(features)
    if secret.kind == "authorization-header":
        given = features & (_ELSEWHERE | _PLAIN | {"repetitive", "short"})
        return Weight.NONE if given else Weight.STRONG if secret.length >= 20 else Weight.WEAK
    if features & {"malformed", "repetitive"}:
        return Weight.NONE
    return Weight.WEAK if "test" in features else Weight.STRONG


def _in_url(features: set[str]) -> Weight:
    if features & {"template", "env-name", "repetitive", "vocabulary"}:
        return Weight.NONE
    if features & (_PLAIN | {"digits"}):
        return Weight.NONE if "local" in features else Weight.WEAK
    return Weight.WEAK if "local" in features else Weight.STRONG


def _named(secret: Secret, features: set[str]) -> Weight:
    if features & _ELSEWHERE or secret.kind == "named-salt" or _STAND_IN.search(secret.name):
        return Weight.NONE
    drawn = _is_drawn(secret, features)
    if (
        features & {"part", "element", "name-like"}
        or _PLURAL.search(secret.name)
        or (secret.use == "fallback" and not _READERS.search(secret.call))
    ):
        given = secret.use != "fallback" or not secret.call or _FROM_MAPPINGS.search(secret.call)
        return Weight.STRONG if drawn and given and "name-like" not in features else Weight.NONE
    if secret.kind == "named-password":
        return _password(secret, features)
    if is_key_argument(secret):
        return Weight.STRONG if drawn else Weight.WEAK
    signing = secret.kind in _SIGNING
    if "vocabulary" in features or "sentence" in features:
        return Weight.NONE
    if features & {"word", "words", "repetitive"}:
        return Weight.WEAK if signing and secret.length >= 3 else Weight.NONE
    if "digits" in features:
        return Weight.NONE
    if "short" in features:
        return Weight.WEAK if "mixed" in features and secret.length >= 5 else Weight.NONE
    return Weight.STRONG if drawn else Weight.WEAK


def _password(secret: Secret, features: set[str]) -> Weight:
    if features & {"sentence", "acronym"} or {"vocabulary", "password-word"} <= features:
        return Weight.NONE
    if secret.use == "argument" and secret.name == secret.call and not _SETTERS.search(secret.call):
        return Weight.NONE  # what is verified or hashed is seldom what is let in
    plain = features & {"word", "words", "digits", "repetitive", "short"}
    return Weight.WEAK if plain or secret.length > 128 else Weight.STRONG


def _is_drawn(secret: Secret, features: set[str]) -> bool:
    """Whether a value looks drawn by chance."""
    return not features & _PLAIN and (
        "high-entropy" in features or ("mixed" in features and secret.length >= 10)
    )


def is_key_argument(secret: Secret) -> bool:
    """Whether it is handed over as the key to sign or to verify with (``jwt.encode(payload, "…")``)."""
    return secret.use == "argument" and secret.kind == "named-secret-key" and secret.name == secret.call


def is_made_up(file: SecretFile) -> bool:
    """Whether people make up the passwords in a file: in tests, examples, samples of environment files."""
    sample = file.module is None and _SAMPLE.search(file.file.path.rpartition("/")[2])
    return file.file.role in _MADE_UP or bool(sample)


def is_for_developers(file: SecretFile) -> bool:
    """Whether a file that is no Python says by its name that developers use it."""
    return file.module is None and bool(_DEVELOPERS.search(file.file.path.rpartition("/")[2]))


def counts_everywhere(secret: Secret) -> bool:
    """Whether it is one in tests and examples too, where people make up passwords: by a provider's format."""
    return not is_named(secret) and not secret.kind.startswith("stated-") and secret.kind not in _TEXTS


# --- defaults -----------------------------------------------------------------------------------------


def is_default(program: Program, file: SecretFile, secret: Secret) -> bool:
    """Whether it is what the service takes where nobody sets anything."""
    if secret.use == "fallback":
        return not secret.call or bool(_READERS.search(secret.call))
    return file.module is not None and _in_settings(program, program.scope(file.module, secret.scope), secret)


def default_weight(secret: Secret) -> Weight:
    """How much a default weighs: a placeholder that works is as bad as a password."""
    features = set(secret.features)
    if features & {"template", "env-name", "path", "code", "sentence"}:
        return Weight.NONE
    known = weight(secret)
    if secret.kind == "url-password" and "placeholder" not in features:
        return known or (Weight.NONE if "password-word" in features else Weight.WEAK)
    if _STAND_IN.search(secret.name):
        return Weight.NONE
    if known == Weight.STRONG:
        return known
    if secret.kind in _SIGNING or secret.kind == "named-password":
        return Weight.NONE if "url" in features or secret.length < 3 else Weight.WEAK
    return Weight.NONE


def _in_settings(program: Program, scope: Function, secret: Secret) -> bool:
    """Whether it is the default of a settings class's field."""
    if scope.scope.kind != "class" or secret.use not in {"assigned", "argument"}:
        return False
    cls = program.classes.get(scope.qualname)
    if cls is None:
        return False
    roles = program.policy.knowledge.roles
    return any(
        isinstance(base, External) and roles.get(base.path) == "settings"
        for each in (cls, *program.types.subclasses(cls))
        for base in program.types.ancestors(each) or ()
    )


# --- identity -----------------------------------------------------------------------------------------


class Keys:
    """The keys of one file's findings: the name in its scope, numbered where a scope has several."""

    def __init__(self, program: Program, file: SecretFile) -> None:
        self._program, self._file = program, file
        self._seen: dict[str, int] = {}

    def of(self, secret: Secret) -> str:
        """The key of the next secret."""
        module = self._file.module
        where = self._program.scope(module, secret.scope).qualname if module else self._file.file.path
        key = f"{where}.{secret.name or secret.call or secret.kind}"
        self._seen[key] = count = self._seen.get(key, 0) + 1
        return key if count == 1 else f"{key}#{count}"
