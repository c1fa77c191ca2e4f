"""One finding in a terminal: where, what, the code, how it is reached, how it is fixed."""

from __future__ import annotations

import re
from collections.abc import Iterable

from archguard.model.finding import Confidence, Finding, Member
from archguard.model.place import Span
from archguard.model.run import Triaged
from archguard.output.console_excerpt import excerpt
from archguard.output.console_text import Paint, cells, clean, clean_code, head, padded, untabbed, wrapped

_ROUTE = re.compile(r"(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|TRACE|ANY|WS|\*) /")
_MOST = 5
"""Members, related places and lines of code shown; the rest is counted."""


def finding(item: Triaged, name: str, paint: Paint, width: int) -> list[str]:
    """Its lines."""
    return [
        _header(item, name, paint),
        *excerpt(item, paint, width),
        *_members(item, paint, width),
        *_related(item, paint, width),
        *_fix(item.finding, paint, width),
        *_also(item.finding, paint, width),
    ]


def _header(item: Triaged, name: str, paint: Paint) -> str:
    found = item.finding
    severity = str(found.severity)
    unsure = f" ({found.confidence} confidence)" if found.confidence < Confidence.HIGH else ""
    words = [
        paint("path", clean(str(found.span))),
        " ".join(filter(None, (paint("rule", clean(found.rule)), clean(name)))),
        paint(severity, severity) + paint("dim", unsure),
    ]
    if item.novelty == "new":
        words.append(paint("new", "new"))
    return "  ".join(words)


# --- how it is reached ----------------------------------------------------------------------------


def _members(item: Triaged, paint: Paint, width: int) -> Iterable[str]:
    members = item.finding.members
    fresh = [m for m in members if m.key in item.new_members]
    only_some = 0 < len(fresh) < len(members)
    chained = [m for m in (fresh if only_some else members) if m.chain]
    if not members:
        return
    if not chained:
        yield from _places(members, paint, width)
        return
    shortest = min(chained, key=lambda member: len(member.chain))
    yield "  " + _reached(members, len(fresh) if only_some else 0)
    yield from _table(list(_steps(shortest)), paint, width)


def _reached(members: tuple[Member, ...], fresh: int) -> str:
    count, what = len(members), _noun(members)
    if fresh:
        return f"reached from {count} {what}, {fresh} of them new; the new way:"
    return f"reached from {count} {what}; the shortest way:" if count > 1 else f"reached from 1 {what}:"


def _noun(members: tuple[Member, ...]) -> str:
    noun = "route" if all(_ROUTE.match(member.label) for member in members) else "place"
    return noun + "s" * (len(members) > 1)


def _steps(member: Member) -> Iterable[tuple[str, Span, str]]:
    """Rows of a chain: what, where, and what stands there; the member's own comes first."""
    first, *rest = member.chain
    # A chain begins at the member itself, or at what it calls.
    label = clean(member.label)
    if (first.span.path, first.span.line) == (member.span.path, member.span.line):
        text = clean(first.text)
        yield label, first.span, "" if text.startswith(label) else text
    else:
        yield label, member.span, ""
        yield f"→ {clean(first.text)}", first.span, ""
    for hop in rest:
        if hop != first:
            yield f"→ {clean(hop.text)}", hop.span, ""


def _places(members: tuple[Member, ...], paint: Paint, width: int) -> Iterable[str]:
    if len(members) > 1:
        yield f"  in {len(members)} {_noun(members)}:"
    rows = [(clean(m.label), m.span, "") for m in members[:_MOST]]
    yield from _table(rows, paint, width)
    if len(members) > _MOST:
        yield f"    and {len(members) - _MOST} more"


def _table(rows: list[tuple[str, Span, str]], paint: Paint, width: int) -> Iterable[str]:
    """Three columns; the first gives way where the line is too long, then the last."""
    places = [_place(span) for _, span, _ in rows]
    middle = max(map(cells, places), default=0)
    left = min(max((cells(row[0]) for row in rows), default=0), max(24, width - middle - 5))
    for (what, _, text), place in zip(rows, places, strict=True):
        shown = padded(head(what, left), left) + " " + paint("dim", padded(place, middle))
        room = width - left - middle - 6
        yield f"    {shown} {head(text, room) if room >= 12 else ''}".rstrip()


def _place(span: Span) -> str:
    return f"{clean(span.path)}:{span.line}"


# --- what else ------------------------------------------------------------------------------------


def _related(item: Triaged, paint: Paint, width: int) -> Iterable[str]:
    """Places worth opening that were not shown yet."""
    found = item.finding
    shown = {(found.span.path, found.span.line)}
    shown |= {(hop.span.path, hop.span.line) for hop in found.chain}
    if not found.chain:
        shown |= {(member.span.path, member.span.line) for member in found.members[:_MOST]}
    rest = [hop for hop in found.related if (hop.span.path, hop.span.line) not in shown]
    for hop in rest[:_MOST]:
        yield from _hanging("see", _place(hop.span), clean(hop.text), paint, width)
    if len(rest) > _MOST:
        yield f"  and {len(rest) - _MOST} more places"


def _fix(found: Finding, paint: Paint, width: int) -> Iterable[str]:
    fix = found.fix
    if fix is None:
        return
    place = _place(fix.edits[0].span) if fix.edits else ""
    code = [untabbed(clean_code(line.rstrip())) for line in fix.code.strip("\n").split("\n") if line.strip()]
    if len(code) == 1:
        yield from _one_line(place, code[0].strip(), paint, width)
        return
    yield from _hanging("fix", place, clean(fix.description), paint, width)
    yield from (f"       {head(line, width - 7)}" for line in code[:12])
    if len(code) > 12:
        yield f"       … {len(code) - 12} more lines"


def _one_line(place: str, code: str, paint: Paint, width: int) -> Iterable[str]:
    """A line of code is not broken, for somebody may copy it; where it is too long it stands alone."""
    if not place or 9 + cells(place) + cells(code) <= width:
        yield f"  {paint('fix', 'fix')}  {paint('dim', place)}{'  ' if place else ''}{code}"
    else:
        yield f"  {paint('fix', 'fix')}  {paint('dim', place)}"
        yield f"       {code}"


def _also(found: Finding, paint: Paint, width: int) -> Iterable[str]:
    """The other witnesses; what one said stands in the evidence under its name."""
    said = dict(found.evidence)
    first, *rest = found.sources or ("archguard",)
    if first != "archguard":
        yield from _hanging("by", "", clean(first), paint, width)
    silent = [clean(source) for source in rest if source not in said]
    for source in (source for source in rest if source in said):
        yield from _hanging("also", "", f"{clean(source)}: {clean(said[source])}", paint, width)
    if silent:
        yield from _hanging("also", "", ", ".join(silent), paint, width)


def _hanging(word: str, place: str, text: str, paint: Paint, width: int) -> Iterable[str]:
    """A word at the margin, then a place, and the text wrapped beside it or below."""
    gap = "  " if len(word) == 3 else " "
    indent = 2 + len(word) + len(gap)
    room = max(width - indent, 20)
    beside = room - cells(place) - 2 if place else room
    if not place:
        lines = wrapped(text, room)
    elif beside >= min(30, cells(text)):
        first, *rest = wrapped(text, beside) or [""]
        hang = " " * (cells(place) + 2)
        lines = [f"{paint('dim', place)}  {first}".rstrip(), *(hang + line for line in rest)]
    else:
        lines = [paint("dim", place), *wrapped(text, room)]
    for number, line in enumerate(lines):
        margin = f"  {paint('fix' if word == 'fix' else 'dim', word)}{gap}"
        yield margin + line if number == 0 else " " * indent + line
