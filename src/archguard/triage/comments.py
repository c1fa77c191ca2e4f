"""What the comments say that silence findings: archguard's own, and those of other tools.

# archguard: ignore[AG0901, AG06] until 2027-03-01 -- why
# archguard: ignore-file[AG0901] -- why
# noqa: S113    # nosec B113    # nosemgrep: rule    # pragma: allowlist secret
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import msgspec

_OWN = re.compile(r"\barchguard\s*:\s*(?P<rest>[^#]*)", re.IGNORECASE)
_IGNORE = re.compile(
    r"(?P<word>[\w-]+)\s*(?:(?P<open>\[)(?P<ids>[^\]]*)(?P<close>\])?)?(?P<tail>.*)\Z", re.DOTALL
)
_UNTIL = re.compile(r"\A\W*until\s+(?P<date>\S+?)[.,;)]*(?=\s|\Z)", re.IGNORECASE)
_UNTIL_LAST = re.compile(r"\W+until\s+(?P<date>\d[\d-]*)[\s.)]*\Z", re.IGNORECASE)
_SEPARATOR = re.compile(r"\A[\s\-–—:]+")
_FORM = "write: archguard: ignore[AG0901] -- why"


class Ignore(msgspec.Struct, frozen=True):
    """One of archguard's own comments; ``problem`` says why it cannot be followed, or is empty."""

    rules: tuple[str, ...] = ()
    reason: str = ""
    until: str = ""
    whole_file: bool = False
    problem: str = ""


class Exemption(msgspec.Struct, frozen=True):
    """Another tool's comment: which engine's witnesses it removes, and of which codes (none: all)."""

    engine: str
    codes: tuple[str, ...] = ()
    whole_file: bool = False
    next_line: bool = False


# --- archguard's own ------------------------------------------------------------------------------


def ignores_of(text: str) -> Iterator[Ignore]:
    """The directives of archguard that a comment holds; one that is only prose holds none."""
    for match in _OWN.finditer(text):
        rest = match["rest"].strip()
        if rest.lower().startswith(("ignore", "disable", "skip", "noqa")):
            yield _ignore(rest)


def _ignore(rest: str) -> Ignore:
    match = _IGNORE.match(rest)
    word = match["word"].lower() if match else ""
    if not match or word not in ("ignore", "ignore-file"):
        return Ignore(problem=f"there is no directive {word!r}; {_FORM}")
    if not match["open"]:
        return Ignore(problem=f"a suppression names its rules; {_FORM}")
    if not match["close"]:
        return Ignore(problem=f"the bracket is not closed; {_FORM}")
    rules = tuple(dict.fromkeys(word.strip() for word in match["ids"].split(",") if word.strip()))
    if not rules or "all" in map(str.lower, rules):
        return Ignore(problem=f"a suppression names its rules; {_FORM}")
    until, reason = _until(match["tail"])
    problem = "" if not until or _is_date(until) else f"{until!r} is no date; write: until 2027-03-01"
    return Ignore(rules, reason, until, word == "ignore-file", problem)


def _until(tail: str) -> tuple[str, str]:
    """The date, before or after the reason, and the reason."""
    first = _UNTIL.search(tail)
    if first:
        return first["date"], _reason(tail[first.end() :])
    last = _UNTIL_LAST.search(tail)
    return (last["date"], _reason(tail[: last.start()])) if last else ("", _reason(tail))


def _reason(text: str) -> str:
    return " ".join(_SEPARATOR.sub("", text).split())


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == 10


# --- other tools' ---------------------------------------------------------------------------------

# Compiled when a finding has a witness that such a comment may speak of.
_CODES = r"[A-Za-z]+[0-9]+(?:\s*,\s*[A-Za-z]+[0-9]+|\s+[A-Za-z]+[0-9]+)*"
_NOQA = rf"(?i)(?P<file>\b(?:ruff|flake8)\s*:\s*)?\bnoqa\b(?:\s*:\s*(?P<codes>{_CODES}))?"
_TEST = r"(?:B\d{3}|[a-z]+(?:_[a-z0-9]+)+)"
_NOSEC = rf"(?i)\bnosec\b\s*:?\s*(?P<codes>{_TEST}(?:[\s,]+{_TEST})*)?"
_NOSEMGREP = r"(?i)\bnosem(?:grep)?\b(?:\s*:\s*(?P<codes>[\w.\-/]+(?:\s*,\s*[\w.\-/]+)*))?"
_ALLOW = r"(?i)\bpragma\s*:\s*(?:allow|white)list(?P<next>\s+nextline)?\s+secret\b"


def exemptions_of(text: str, own_line: bool) -> Iterator[Exemption]:
    """The comments of other tools that a comment holds."""
    for match in re.finditer(_NOQA, text):
        if not match["file"] or own_line:
            yield Exemption("ruff", _codes(match["codes"]), whole_file=bool(match["file"]))
    for match in re.finditer(_NOSEC, text):
        yield Exemption("bandit", _codes(match["codes"]))
    for match in re.finditer(_NOSEMGREP, text):
        yield Exemption("semgrep", _codes(match["codes"]), next_line=own_line)
    for match in re.finditer(_ALLOW, text):
        yield Exemption("detect-secrets", next_line=bool(match["next"]))


def _codes(text: str | None) -> tuple[str, ...]:
    return tuple(re.split(r"[\s,]+", text.strip())) if text else ()


def covers(exemption: Exemption, source: str) -> bool:
    """Whether the comment speaks of this witness (``ruff S113``)."""
    engine, _, code = source.partition(" ")
    if engine != exemption.engine:
        return False
    return not exemption.codes or any(_same_code(engine, code, named) for named in exemption.codes)


def _same_code(engine: str, code: str, named: str) -> bool:
    code, named = code.lower(), named.lower()
    if engine == "semgrep":
        return code == named or code.endswith("." + named)
    # ruff takes the beginning of a code for all codes that begin so; bandit also takes a test's name.
    return code == named or (engine == "ruff" and code.startswith(named))
