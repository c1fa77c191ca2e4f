"""Silencing findings: archguard's comments with reasons and expiry, and other tools' for their own.

A comment at a finding's place takes the finding; one at a step of a chain takes the member whose
chain it is; another tool's comment takes that tool's witness. A finding goes with its last member or
its last witness.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from functools import cached_property

import msgspec
from msgspec.structs import replace

from archguard.engines.catalogue import are_twins
from archguard.model.facts import Comment, FileFacts, PythonFacts
from archguard.model.finding import Finding, Member
from archguard.model.place import Place, Span
from archguard.model.run import Failure, Suppression
from archguard.triage.comments import Exemption, Ignore, covers, exemptions_of, ignores_of
from archguard.triage.identity import OWN
from archguard.triage.reach import Layout
from archguard.triage.selectors import Known, any_covers, complaint
from archguard.triage.selectors import covers as stands_for


class _Directive(msgspec.Struct, frozen=True):
    """An ignore that is in force; ``number`` counts all of them, for the tally."""

    number: int
    comment: Comment
    span: Span
    ignore: Ignore


class _File:
    """What silences in one file; how far each comment reaches is worked out when a finding asks."""

    def __init__(self, facts: PythonFacts) -> None:
        self.facts = facts
        self.directives: list[_Directive] = []

    @cached_property
    def layout(self) -> Layout:
        return Layout(self.facts)

    @cached_property
    def exemptions(self) -> tuple[tuple[Exemption, Comment], ...]:
        found = ((e, c) for c in self.facts.comments for e in exemptions_of(c.text, c.own_line))
        return tuple(dict.fromkeys(found))

    def silencing(self, span: Span, rule: str, known: Known) -> list[_Directive]:
        """The directives that speak of this rule at this place, the narrowest first."""
        found = [
            (self.layout.reach(d.comment, d.ignore.whole_file), d)
            for d in self.directives
            if any_covers(d.ignore.rules, rule, known)
        ]
        header = bool(found) and self.layout.begins_definition(span.place.line)
        there = [(reach, d) for reach, d in found if reach.holds(span.place, header)]
        return [d for _, d in sorted(there, key=lambda e: (e[0].whole_file, -e[1].span.line, e[1].number))]

    def exempted(self, span: Span) -> list[tuple[Exemption, Comment]]:
        """Other tools' comments that speak of this place."""
        header = bool(self.exemptions) and self.layout.begins_definition(span.place.line)
        return [
            (exemption, comment)
            for exemption, comment in self.exemptions
            if self.layout.line_reach(comment, exemption.whole_file, exemption.next_line).holds(
                span.place, header
            )
        ]


class Silenced(msgspec.Struct, frozen=True):
    """A finding that is not shown, or the members of one that are not."""

    finding: Finding
    by: Suppression


class Silencer:
    """All comments of a snapshot that silence, and the tally of what they silenced.

    ``today`` is the assessed commit's date; without one nothing expires.
    """

    def __init__(
        self,
        facts: Mapping[str, FileFacts],
        known: Known,
        seen: Collection[str],
        require_reason: bool,
        today: str,
    ) -> None:
        self._known, self._seen = known, frozenset(seen)
        self._require_reason, self._today = require_reason, today[:10]
        self._used: Counter[tuple[int, str]] = Counter()
        self._all: list[_Directive] = []
        self.notes: list[Failure] = []
        self._files = {
            path: self._file(path, file)
            for path, file in sorted(facts.items())
            if isinstance(file, PythonFacts) and any(c.kind != "todo" for c in file.comments)
        }

    # --- reading ---------------------------------------------------------------------------------

    def _file(self, path: str, facts: PythonFacts) -> _File:
        file = _File(facts)
        seen: set[tuple[Place, Ignore]] = set()
        for comment in facts.comments:
            # A comment may be listed once for each of its marks; each directive counts once.
            for ignore in ignores_of(comment.text) if "archguard" in comment.text.lower() else ():
                if (comment.place, ignore) not in seen:
                    seen.add((comment.place, ignore))
                    file.directives.extend(self._directive(Span(path, comment.place), ignore, comment))
        return file

    def _directive(self, span: Span, ignore: Ignore, comment: Comment) -> Iterable[_Directive]:
        """The directive, where it is in force; why not is noted."""
        problem = ignore.problem or self._problem(ignore)
        if problem:
            self._note(span, problem)
            return
        for word in ignore.rules:
            unknown = complaint(word, self._known, self._seen)
            if unknown:
                self._note(span, unknown)
        directive = _Directive(len(self._all), comment, span, ignore)
        self._all.append(directive)
        yield directive

    def _problem(self, ignore: Ignore) -> str:
        if ignore.until and self._today and ignore.until < self._today:
            return f"expired on {ignore.until}: ignore[{', '.join(ignore.rules)}] silences nothing any more"
        if self._require_reason and not ignore.reason:
            return "a suppression must give its reason here; write it after --"
        return ""

    def _note(self, span: Span, reason: str) -> None:
        self.notes.append(Failure("suppression", span.path, reason, fatal=False, span=span))

    # --- applying --------------------------------------------------------------------------------

    def apply(self, finding: Finding) -> tuple[Finding | None, list[Silenced]]:
        """What is left of a finding, and what was silenced of it."""
        directives = self._at(finding.rule, finding.span)
        if directives:
            return None, [Silenced(finding, self._use(directives, finding.rule))]
        left, silenced = self._without_witnesses(finding)
        return self._without_members(left, silenced) if left else (None, silenced)

    def _at(self, rule: str, span: Span) -> list[_Directive]:
        file = self._files.get(span.path)
        return file.silencing(span, rule, self._known) if file and file.directives else []

    def _use(self, directives: list[_Directive], rule: str) -> Suppression:
        """The narrowest of the directives; each counts as used."""
        for directive in directives:
            for word in directive.ignore.rules:
                if stands_for(word, rule, self._known):
                    self._used[directive.number, word] += 1
        return _suppression(directives[0], directives[0].ignore.rules)

    def _without_witnesses(self, finding: Finding) -> tuple[Finding | None, list[Silenced]]:
        file = self._files.get(finding.span.path)
        if file is None or finding.sources == (OWN,):
            return finding, []
        here = file.exempted(finding.span)
        left = tuple(s for s in finding.sources if not any(self._takes(e, s) for e, _ in here))
        if left:
            rule = finding.rule if finding.rule not in finding.sources or finding.rule in left else left[0]
            return replace(finding, rule=rule, sources=left), []
        comment = next(c for e, c in here if any(self._takes(e, s) for s in finding.sources))
        span = Span(finding.span.path, comment.place)
        reason = " ".join(_masked(comment.text).split())
        return None, [Silenced(finding, Suppression(span, finding.sources, reason, used=1))]

    def _takes(self, exemption: Exemption, source: str) -> bool:
        """Whether another tool's comment takes a witness: its own, or its twin.

        ``noqa: S608`` is a judgement of the rule, and bandit's B608 is the same rule.
        """
        if covers(exemption, source):
            return True
        twins = (f"{exemption.engine} {code.upper()}" for code in exemption.codes)
        return any(are_twins(self._known.get(twin), self._known.get(source)) for twin in twins)

    def _without_members(
        self, finding: Finding, silenced: list[Silenced]
    ) -> tuple[Finding | None, list[Silenced]]:
        kept: list[Member] = []
        gone: dict[Suppression, list[Member]] = {}
        for member in finding.members:
            by = self._silences(finding.rule, member)
            if by is None:
                kept.append(member)
            else:
                gone.setdefault(by, []).append(member)
        parts = [Silenced(replace(finding, members=tuple(lost)), by) for by, lost in gone.items()]
        left = None if finding.members and not kept else replace(finding, members=tuple(kept))
        return left, silenced + parts

    def _silences(self, rule: str, member: Member) -> Suppression | None:
        for span in (member.span, *(hop.span for hop in member.chain)):
            directives = self._at(rule, span)
            if directives:
                return self._use(directives, rule)
        return None

    # --- the tally -------------------------------------------------------------------------------

    def counted(self, suppression: Suppression) -> Suppression:
        """The same suppression with how many it silenced in the end."""
        numbers = [d.number for d in self._all if d.span == suppression.span]
        used = sum(count for (number, _), count in self._used.items() if number in numbers)
        return replace(suppression, used=used or suppression.used)

    def unused(self, ran: Collection[str]) -> tuple[Suppression, ...]:
        """Suppressions that silenced nothing, though every rule they name has run."""
        found = []
        for directive in self._all:
            words = tuple(w for w in directive.ignore.rules if self._is_idle(directive, w, ran))
            if words:
                found.append(_suppression(directive, words))
        return tuple(sorted(found, key=lambda suppression: suppression.span))

    def _is_idle(self, directive: _Directive, word: str, ran: Collection[str]) -> bool:
        meant = [rule for rule in self._known if stands_for(word, rule, self._known)]
        return bool(meant) and not self._used[directive.number, word] and all(rule in ran for rule in meant)


def _suppression(directive: _Directive, rules: tuple[str, ...]) -> Suppression:
    ignore = directive.ignore
    return Suppression(directive.span, rules, _masked(ignore.reason), ignore.until)


def _masked(text: str) -> str:
    if not text:
        return text
    from archguard.triage.masking import mask_text

    return mask_text(text)
