"""A password, key or token stands in the code.

## What it does

Finds literals that are secrets by their format (keys and tokens of providers, private keys, URLs with a
password, authorization headers) or by what they are called (`password`, `SECRET_KEY`, `"api_key": "…"`,
`connect(password="…")`, `jwt.encode(payload, "…")`), in Python and SQL, in configuration, compose files,
Dockerfiles, shell, JavaScript and Terraform. The value itself is never repeated, nowhere.

## Why is this bad

Whoever can read the repository, a copy of it, an image or a backup has the secret, and git keeps it for ever.
It is the same in development and in production, and it cannot be changed without a release.

## How to fix

Change the secret where it is used: what was committed is known. Then read the new one from the environment
or from a secret store, and let the service refuse to start without it.

## What it leaves alone

- Placeholders (`changeme`, `<your-token>`, `xxxx`), templates and names of environment variables.
- Names and types of tokens (`token_type = "bearer"`, `REFRESH = "refresh_token"`), names of headers, fields
  and routes, `next_token`, members of enumerations, lists of secrets' names, texts for people.
- URLs and paths without a password, or with one that anybody could guess for the same machine; UUIDs,
  hashes of passwords, public keys, publishable keys.
- Random-looking values that nothing calls a secret.
- In tests and examples everything but keys in a provider's own format, which are low there. A value that
  anybody could guess is a medium finding for the report; scripts are medium.
- The default of a setting is AG0802, a committed environment file AG0803.

## References

- [CWE-798: Use of Hard-coded Credentials](https://cwe.mitre.org/data/definitions/798.html)
- [OWASP: Secrets Management](https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html)
- bandit B105, B106, B107; ruff S105, S106, S107
"""

from __future__ import annotations

from collections.abc import Iterator

from archguard.model.facts import Secret
from archguard.model.finding import Confidence, Finding, Fix, Severity
from archguard.model.program import Program, SecretFile
from archguard.model.rule import Effort, Meta
from archguard.model.secrets import (
    Keys,
    Weight,
    counts_everywhere,
    is_default,
    is_for_developers,
    is_key_argument,
    is_made_up,
    is_named,
    weight,
    what,
)

META = Meta(
    id="AG0801",
    severity=Severity.CRITICAL,
    surface="alert",
    scope="module",
    effort=Effort(base=2, per_place=0.5),
    impact=("security",),
    risk="Everybody who can read the repository can use the secret, and changing it takes a release.",
    rollout="Set the variable in every environment first, then release the code that reads it, then change "
    "the secret.",
    security=True,
    cwe=798,
)

_FOREIGN = {"named-token", "named-api-key", "named-access-key", "named-private-key"}
"""What opens something that others run."""


def check(program: Program) -> Iterator[Finding]:
    """One finding for each literal, under the name that it goes by."""
    for file in program.reviewed_secrets():
        keys = Keys(program, file)
        for secret in file.secrets:
            found = _weight(program, file, secret)
            if found:
                yield _finding(file, secret, found, keys.of(secret))


def _weight(program: Program, file: SecretFile, secret: Secret) -> Weight:
    made_up = is_made_up(file)
    if made_up and not counts_everywhere(secret):
        return Weight.NONE
    if file.file.kind == "env" and not made_up:
        return Weight.NONE  # where secrets belong; AG0803 says whether git has them
    found = weight(secret)
    if found == Weight.WEAK and (file.file.role != "source" or made_up or _is_loose(file)):
        return Weight.NONE
    if not found or (is_named(secret) and secret.kind not in _FOREIGN and _is_for_machines(file)):
        return Weight.NONE
    return Weight.NONE if is_default(program, file, secret) else found


def _is_loose(file: SecretFile) -> bool:
    """Whether a value that anybody could guess is, in such a file, a label or for developers only."""
    return file.file.kind == "script" or is_for_developers(file)


def _is_for_machines(file: SecretFile) -> bool:
    """Whether a file configures builds and test runs, which start databases and services of their own."""
    return file.file.kind in {"config", "script"} and (
        file.file.role == "script" or file.file.path.rpartition("/")[2].startswith(".gitlab-ci")
    )


def _finding(file: SecretFile, secret: Secret, found: Weight, key: str) -> Finding:
    weak = found == Weight.WEAK
    return Finding(
        META.id,
        key,
        file.span(secret.place),
        _message(secret, weak),
        _severity(file, weak),
        Confidence.MEDIUM if weak else Confidence.HIGH,
        fix=_fix(file, secret),
        surface="report" if weak else "",
    )


def _severity(file: SecretFile, weak: bool) -> Severity:
    if is_made_up(file):
        return Severity.LOW
    return Severity.MEDIUM if weak or file.file.role == "script" else Severity.CRITICAL


def _message(secret: Secret, weak: bool) -> str:
    kind = what(secret)
    if is_key_argument(secret):
        subject = f"The key for {secret.call} stands in the code"
    elif secret.use == "compared":
        subject = f"{secret.name or 'A secret'} is compared with {kind} that stands in the code"
    elif secret.use == "argument" and secret.name == secret.call:
        subject = f"{secret.call}() is given {kind} that stands in the code"
    elif secret.name:
        subject = f"{secret.name} holds {kind} that stands in the code"
    else:
        subject = f"{kind[:1].upper()}{kind[1:]} stands in the code"
    ending = "anybody could guess it" if weak else "whoever can read the repository has it"
    return f"{subject}: {ending}."


def _fix(file: SecretFile, secret: Secret) -> Fix:
    variable = "".join(c if c.isalnum() else "_" for c in secret.name.rpartition(".")[2]).upper()
    named = secret.use in {"assigned", "key", "argument"} and secret.name != secret.call
    if file.module is None or not named or not variable:
        return Fix("Change the secret, take it out of the repository, and hand it over at run time.")
    return Fix(
        "Change the secret, then read it from the environment, without a default.",
        f'os.environ["{variable}"]',
    )
