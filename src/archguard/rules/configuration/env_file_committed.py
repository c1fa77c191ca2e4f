"""An environment file with secrets is in git.

## What it does

Finds `.env` files (also `.env.production`, `prod.env`, `.envrc`) that git keeps and in which a variable has a
secret for its value. One finding a file; the variables are its members, without their values.

## Why is this bad

An environment file is where the secrets of one installation are. In git they are everybody's who can read
the repository, now and in every later state of it, and the next installation is likely to start with the same
ones.

## How to fix

Change the secrets. Take the file out of git (`git rm --cached .env`), ignore it, and commit an `.env.example`
with the names and without the values.

## What it leaves alone

- Files that git does not keep: that is where secrets belong.
- `.env.example`, `.sample`, `.template`, `.dist` and those of tests, but for keys in a provider's own format
  (AG0801).
- Files without secrets: ports, hosts, switches. Empty values, placeholders, references to other variables.
- Passwords that anybody could guess (`postgres`) and files for developers are medium, in the report.

## References

- [CWE-538: Insertion of Sensitive Information into Externally-Accessible File](https://cwe.mitre.org/data/definitions/538.html)
- [The Twelve-Factor App: config](https://12factor.net/config)
"""

from __future__ import annotations

from collections.abc import Iterator

from archguard.model.finding import Confidence, Finding, Fix, Member, Severity
from archguard.model.program import Program, SecretFile
from archguard.model.rule import Effort, Meta
from archguard.model.secrets import Weight, is_for_developers, is_made_up, weight, what

META = Meta(
    id="AG0803",
    severity=Severity.CRITICAL,
    surface="alert",
    scope="module",
    effort=Effort(base=2, per_place=0.5),
    impact=("security",),
    risk="Everybody who can read the repository has the secrets of an installation.",
    rollout="Change the secrets, hand the new ones to every installation in a file that is not in git, then "
    "remove the file from git.",
    security=True,
    cwe=538,
)


def check(program: Program) -> Iterator[Finding]:
    """One finding for each file."""
    for file in program.reviewed_secrets():
        if file.file.kind == "env" and file.file.tracked and not is_made_up(file):
            finding = _finding(file)
            if finding is not None:
                yield finding


def _finding(file: SecretFile) -> Finding | None:
    weights = [(secret, weight(secret)) for secret in file.secrets]
    held = [(secret, found) for secret, found in weights if found]
    if not held:
        return None
    names = list(dict.fromkeys(secret.name or what(secret) for secret, _ in held))
    strong = any(found == Weight.STRONG for _, found in held)
    quiet = not strong or is_for_developers(file)
    return Finding(
        META.id,
        file.file.path,
        file.span(held[0][0].place),
        f"{file.file.path} is in git and holds {_listed(names)}.",
        _severity(file, quiet),
        Confidence.HIGH if strong else Confidence.MEDIUM,
        members=tuple(
            Member(secret.name or secret.kind, secret.name or what(secret), file.span(secret.place))
            for secret, _ in held
        ),
        fix=Fix(
            "Change the secrets, take the file out of git and ignore it.", f"git rm --cached {file.file.path}"
        ),
        surface="report" if quiet else "",
    )


def _severity(file: SecretFile, quiet: bool) -> Severity:
    if quiet:
        return Severity.MEDIUM
    return Severity.HIGH if file.file.role == "script" else Severity.CRITICAL


def _listed(names: list[str]) -> str:
    shown = ", ".join(names[:3])
    return f"{shown} and {len(names) - 3} more" if len(names) > 3 else shown
