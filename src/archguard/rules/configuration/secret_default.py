"""A secret has a default, so the service starts with one that everybody knows.

## What it does

Finds defaults of secrets: a field of a settings class (`SECRET_KEY: str = "dev"`), what
`os.environ.get("SECRET_KEY", "changeme")` and its like fall back to, and `… or "changeme"` after a lookup.

## Why is this bad

Where the variable is missing (a new environment, a typing error, a container without its secrets) nothing
fails: the service runs and signs sessions, or lets people in, with a value that stands in the repository.
That is found by an attacker and not by a test.

## How to fix

Give the setting no default: the service then refuses to start without it. For development put the value
into a file that git ignores, or into the compose file of developers.

## What it leaves alone

- Empty defaults, None, and values that say where the secret is (templates, paths, names of variables).
- Defaults of tokens and API keys that only say that there is none (`"your-token"`): nothing starts to work by
  them.
- Tests and examples. A password that only a database on the same machine takes is medium, in the report.

## References

- [CWE-1392: Use of Default Credentials](https://cwe.mitre.org/data/definitions/1392.html)
- [The Twelve-Factor App: config](https://12factor.net/config)
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from archguard.model.facts import Secret
from archguard.model.finding import Confidence, Finding, Fix, Severity
from archguard.model.program import Program, SecretFile
from archguard.model.rule import Effort, Meta
from archguard.model.secrets import Keys, Weight, default_weight, is_default, what

META = Meta(
    id="AG0802",
    severity=Severity.CRITICAL,
    surface="alert",
    scope="module",
    effort=Effort(base=1, per_place=0.25),
    impact=("security", "reliability"),
    risk="An environment in which the variable is missing runs with a secret that everybody knows.",
    rollout="Make sure that every environment sets the variable, then take the default away: the service "
    "refuses to start where one does not.",
    breaks_callers=True,
    security=True,
    cwe=1392,
)

_STORES = re.compile(
    r"(?:^|_)(?:db|database|postgres\w*|pg|mysql|redis|rabbit\w*|amqp|mongo\w*|clickhouse)", re.I
)


def check(program: Program) -> Iterator[Finding]:
    """One finding for each setting."""
    for file in program.reviewed_secrets():
        if file.file.role not in {"source", "script"}:
            continue
        keys = Keys(program, file)
        for secret in file.secrets:
            found = default_weight(secret) if is_default(program, file, secret) else Weight.NONE
            if found == Weight.STRONG or (found and file.file.role == "source"):
                yield _finding(file, secret, found, keys.of(secret))


def _finding(file: SecretFile, secret: Secret, found: Weight, key: str) -> Finding:
    local = found == Weight.WEAK and _is_local(secret)
    strong = found == Weight.STRONG
    severity = Severity.CRITICAL if strong else Severity.MEDIUM if local else Severity.HIGH
    name = secret.name or what(secret)
    return Finding(
        META.id,
        key,
        file.span(secret.place),
        f"{name} has a default that stands in the code: where nobody sets it, the service runs with it.",
        Severity.MEDIUM if file.file.role == "script" else severity,
        Confidence.MEDIUM if local else Confidence.HIGH,
        fix=Fix(
            "Take the default away, so that the service does not start without the setting.", _code(secret)
        ),
        surface="report" if local else "",
    )


def _is_local(secret: Secret) -> bool:
    """Whether it opens a store that usually only the service itself reaches."""
    return "local" in secret.features or secret.kind == "url-password" or bool(_STORES.search(secret.name))


def _code(secret: Secret) -> str:
    if secret.call.endswith(("environ.get", "getenv")) and secret.name.isidentifier():
        return f'os.environ["{secret.name}"]'
    return ""
