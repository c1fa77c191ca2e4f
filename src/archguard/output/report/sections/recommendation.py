"""One recommendation with its findings: the code as it stands, and the code as it should be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from archguard.assess.recommend import CAUSES
from archguard.model.assessment import Recommendation
from archguard.model.finding import Finding, Hop, Member
from archguard.model.run import Triaged
from archguard.output.report.difference import difference
from archguard.output.report.document import (
    Anchor,
    Block,
    Bullets,
    Cite,
    Code,
    Fold,
    Heading,
    Inline,
    Level,
    Line,
    Listing,
    Quote,
    Strong,
    Table,
    Text,
    line,
    prose,
    say,
)
from archguard.output.report.names import finding_anchor
from archguard.output.report.plural import count_of, effort_of

SHOWN = 3
"""Findings of one cause that are shown with their code; the others are a row each."""

MEMBERS = 12
"""What a finding gathers that is named without a fold."""


def recommendation(name: str, made: Recommendation) -> list[Block]:
    """A recommendation under its short name."""
    head = line(f"{name} {made.title} ", Code(made.rule))
    blocks: list[Block] = [Heading(4, head, anchor=name.lower()), _facts(made)]
    for triaged in made.findings[:SHOWN]:
        blocks += finding(triaged)
    rest = made.findings[SHOWN:]
    if rest:
        blocks.append(Fold(f"{count_of(len(rest), 'more place')} of {made.rule}", (_rest(rest),)))
    return blocks


def finding(triaged: Triaged) -> list[Block]:
    """A finding: what, where, by which way, and the code."""
    found = triaged.finding
    head: list[Inline] = [Level(str(found.severity)), Text(" at "), _cite(found)]
    head += [Text(f", {found.confidence} confidence")] if str(found.confidence) != "high" else []
    head += [Text(", new")] if triaged.novelty == "new" else []
    blocks: list[Block] = [say(Anchor(finding_anchor(triaged)), *head, ": ", *prose(found.message))]
    if triaged.excerpt:
        first = triaged.excerpt_line
        blocks.append(Quote(found.span.path, first, triaged.excerpt, found.span.line))
    return blocks + _members(found) + _evidence(found) + _after(triaged)


def _facts(made: Recommendation) -> Bullets:
    effort = effort_of(made.hours) or "not estimated: the rule's tool gives no effort"
    breaking = "changes what callers see. " if made.breaks_callers else ""
    rollout = made.rollout or ("" if breaking else "callers see no change.")
    counts = Counter(str(triaged.finding.severity) for triaged in made.findings)
    mixed = f" ({', '.join(f'{n} {name}' for name, n in counts.items())})" if len(counts) > 1 else ""
    places = count_of(len(made.findings), "place") + mixed
    items = [
        line(Strong("Priority"), ": ", Level(str(made.priority)), f", {places}"),
        line(Strong("Effort"), f": {effort}" + (", tests and validation included" if made.hours[1] else "")),
        line(Strong("Impact"), f": {', '.join(made.impact)}") if made.impact else (),
        line(Strong("Risk if ignored"), ": ", *prose(made.risk)) if made.risk else (),
        line(Strong("Zero regression"), f": {breaking}", *prose(rollout)),
    ]
    return Bullets(tuple(item for item in items if item))


def _members(found: Finding) -> list[Block]:
    """The shortest chain step by step, then what else reaches the place."""
    blocks: list[Block] = []
    if found.chain:
        shortest = next(member for member in found.members if member.chain == found.chain)
        told = (shortest.span.path, shortest.span.line) == (
            found.chain[0].span.path,
            found.chain[0].span.line,
        )
        start = [] if told else [_member(shortest)]
        steps = [line(Code(hop.text), " ", Cite(hop.span.path, hop.span.line)) for hop in found.chain]
        blocks += [say("The way there:"), Bullets((*start, *steps), ordered=True)]
    others = [m for m in found.members if not found.chain or m.chain != found.chain]
    if others:
        listed = Bullets(tuple(_member(member) for member in others))
        title = f"{count_of(len(others), 'more', 'more')}" if blocks else count_of(len(others), "place")
        blocks.append(listed if len(others) <= MEMBERS and not blocks else Fold(title, (listed,)))
    shown = {member.span for member in found.members} | {hop.span for hop in found.chain}
    related = [hop for hop in found.related if hop.span not in shown]
    if related:
        blocks.append(Bullets(tuple(_hop(hop) for hop in related)))
    return blocks


def _member(member: Member) -> Line:
    return line(*prose(member.label), " ", Cite(member.span.path, member.span.line))


def _hop(hop: Hop) -> Line:
    return line(*prose(hop.text), " ", Cite(hop.span.path, hop.span.line))


def _evidence(found: Finding) -> list[Block]:
    said = "; ".join(
        f"{name}: {value}" for name, value in found.evidence if name not in CAUSES and value != "1"
    )
    witnesses = [source for source in found.sources if source != "archguard"]
    said += f"{'; ' if said else ''}also seen by {', '.join(witnesses)}" if witnesses else ""
    return [say(said)] if said else []


def _after(triaged: Triaged) -> list[Block]:
    """The fix: as a diff where it is mechanical, else as code, else in words."""
    fix = triaged.finding.fix
    if fix is None:
        return []
    blocks: list[Block] = [say(Strong("Instead: "), *prose(fix.description))]
    changed = difference(triaged)
    if changed:
        return [*blocks, Listing("diff", changed)]
    language = "sql" if triaged.finding.span.path.endswith(".sql") else "python"
    return [*blocks, Listing(language, fix.code)] if fix.code else blocks


def _rest(rest: Sequence[Triaged]) -> Table:
    rows = []
    for triaged in rest:
        found = triaged.finding
        fix = line(Code(found.fix.code)) if found.fix and found.fix.code else ()
        rows.append(
            (
                line(Level(str(found.severity))),
                line(Anchor(finding_anchor(triaged)), _cite(found)),
                prose(found.message),
                fix,
            )
        )
    return Table(("Severity", "Place", "What", "Instead"), tuple(rows))


def _cite(found: Finding) -> Cite:
    return Cite(found.span.path, found.span.line)
