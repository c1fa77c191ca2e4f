"""The lines around a place, with secrets struck out, and the line's hash; each file is read once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import msgspec
from msgspec.structs import replace

from archguard.model.place import Place
from archguard.model.run import Triaged
from archguard.model.sources import Sources
from archguard.triage.identity import SECRET_RULES
from archguard.triage.line_hash import line_hashes

BEFORE, AFTER, MOST = 2, 2, 12
"""Lines shown before and after a place, and of the place itself at most."""

_WIDEST = 1000
_COOKIE = re.compile(rb"\A(?:[^\n]*\n)?[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_SECRET_WITNESSES = re.compile(r"detect-secrets\b|bandit B10[567]\b|ruff S10[567]\b|semgrep .*secret", re.I)


class _Text(msgspec.Struct, frozen=True):
    """What is shown of a file: some of its lines by number, how many it has, and their hashes."""

    lines: Mapping[int, str] = msgspec.field(default_factory=dict)
    count: int = 0
    hashes: Mapping[int, str] = msgspec.field(default_factory=dict)


def illustrate(
    triaged: Iterable[Triaged], sources: Sources, beside: Iterable[Triaged] = ()
) -> tuple[Triaged, ...]:
    """The same findings with excerpt and line hash; a file that cannot be read gives none.

    Where one of them, or of those ``beside`` them, is about a secret, no excerpt shows that place.
    """
    triaged = tuple(triaged)
    wanted: dict[str, list[Place]] = {}
    secrets: dict[str, list[Place]] = {}
    for item in triaged:
        wanted.setdefault(item.finding.span.path, []).append(item.finding.span.place)
    for item in (*triaged, *beside):
        if _is_secret(item):
            secrets.setdefault(item.finding.span.path, []).append(item.finding.span.place)
    texts = {p: _read(sources, p, places, secrets.get(p, [])) for p, places in sorted(wanted.items())}
    return tuple(_illustrated(item, texts[item.finding.span.path]) for item in triaged)


def _read(sources: Sources, path: str, wanted: list[Place], secrets: list[Place]) -> _Text:
    from archguard.triage.masking import mask_lines  # a run without findings needs none of its patterns

    try:
        content = sources.read(path)
    except OSError:
        return _Text()
    text = decode(content)
    count = text.count("\n") + (not text.endswith("\n") and bool(text))
    ranges = [shown for place in wanted if (shown := _range(place, count))]
    lines = mask_lines(text, path.endswith((".py", ".pyi")), ranges)
    for place in secrets:
        for number in range(place.line, place.end_line + 1):
            if number in lines:
                lines[number] = _hidden(lines[number], number, place)
    return _Text(lines, count, line_hashes(content, {place.line for place in wanted}))


def _range(place: Place, count: int) -> tuple[int, int] | None:
    """The lines shown of a file with so many."""
    if not 1 <= place.line <= count:
        return None
    last = min(count, place.end_line + AFTER, place.line + MOST - 1 + AFTER)
    return max(1, place.line - BEFORE), max(last, place.line)


def decode(content: bytes) -> str:
    """A file's text with line feeds only, as Python reads it; what cannot be decoded is replaced."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        cookie = _COOKIE.match(content[:400])
        text = _decode_as(content, cookie[1].decode("ascii") if cookie else "utf-8")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decode_as(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding, "replace")
    except (LookupError, ValueError):
        return content.decode("utf-8", "replace")


def _illustrated(item: Triaged, text: _Text) -> Triaged:
    span = item.finding.span
    first, last = _range(span.place, text.count) or (0, -1)
    lines = tuple(text.lines[number][:_WIDEST] for number in range(first, last + 1))
    return replace(item, excerpt=lines, excerpt_line=first, line_hash=text.hashes.get(span.line, ""))


def _is_secret(item: Triaged) -> bool:
    finding = item.finding
    return finding.rule in SECRET_RULES or any(map(_SECRET_WITNESSES.match, finding.sources))


def _hidden(line: str, number: int, place: Place) -> str:
    """A line of a secret: its first without values, those inside a place of several lines struck out."""
    from archguard.triage.masking import mask_values

    return mask_values(line) if number == place.line else re.sub(r"\S", "*", line)
