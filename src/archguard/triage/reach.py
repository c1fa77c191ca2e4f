"""How far a comment reaches: its line, its statement, its function or class, its file."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from archguard.model.facts import Comment, PythonFacts, Result, Scope
from archguard.model.place import Place

Lines = tuple[int, int]
"""First and last line, both included."""


class Reach(msgspec.Struct, frozen=True):
    """The lines a comment speaks of; ``line`` is the one it stands on or above."""

    line: int
    ranges: tuple[Lines, ...]
    whole_file: bool = False

    def holds(self, place: Place, is_header: bool) -> bool:
        """Whether the comment speaks of this place.

        A comment within a place speaks of it too, unless the place is a whole definition
        (``is_header``: it begins at one): that has its own line for that.
        """
        if self.whole_file or any(first <= place.line <= last for first, last in self.ranges):
            return True
        return not is_header and place.line <= self.line <= place.end_line


class Layout:
    """Where statements and definitions of one file begin and end."""

    def __init__(self, facts: PythonFacts) -> None:
        definitions = [(i, s) for i, s in enumerate(facts.scopes) if s.kind in ("function", "class")]
        nested: dict[int, int] = {}
        for scope in facts.scopes:
            nested[scope.parent] = min(scope.place.line, nested.get(scope.parent, scope.place.line))
        self._headers = [(_header(s, facts, nested.get(i)), s.place.end_line) for i, s in definitions]
        self._starts = {scope.place.line for _, scope in definitions}
        self._statements = sorted(set(_statements(facts)))
        self._first_code = min(_code_lines(facts), default=0)
        self._own_lines = {c.place.line for c in facts.comments if c.own_line}

    def begins_definition(self, line: int) -> bool:
        """Whether a ``def`` or ``class`` stands on this line."""
        return line in self._starts

    def reach(self, comment: Comment, whole_file: bool) -> Reach:
        """How far an ``archguard: ignore`` reaches: on a definition all of it, at the top the file."""
        line = comment.place.line
        if whole_file or (comment.own_line and (line < self._first_code or not self._first_code)):
            return Reach(line, (), whole_file=True)
        target = self._target(line) if comment.own_line else line
        scopes = [(first, end) for (first, last), end in self._headers if first <= target <= last]
        return Reach(target, tuple(scopes) or self._around(target))

    def line_reach(self, comment: Comment, whole_file: bool, next_line: bool) -> Reach:
        """How far another tool's comment reaches: its line, and the statement that it ends or begins."""
        target = self._target(comment.place.line) if next_line else comment.place.line
        return Reach(target, () if whole_file else self._around(target), whole_file)

    def _target(self, line: int) -> int:
        """The line below a comment that stands alone, or below the comments that follow it."""
        line += 1
        while line in self._own_lines:
            line += 1
        return line

    def _around(self, line: int) -> tuple[Lines, ...]:
        return ((line, line), *(lines for lines in self._statements if line in lines))


def _header(scope: Scope, facts: PythonFacts, nested: int | None) -> Lines:
    """The lines of a definition before the first one of its body that does something.

    ``nested`` is the line of the first definition inside it.
    """
    first = min((place.line for place in _decorators(scope, facts)), default=scope.place.line)
    body = min(_body_lines(scope), default=scope.place.end_line + 1)
    body = body if nested is None else min(body, nested)
    return min(first, scope.place.line), max(scope.place.line, body - 1)


def _body_lines(scope: Scope) -> Iterator[int]:
    """Lines on which something happens; events and regions are in their order."""
    yield from (event.place.line for event in scope.events[:1])
    yield from (region.place.line for region in scope.regions[1:2])


def _decorators(scope: Scope, facts: PythonFacts) -> Iterator[Place]:
    events = facts.scopes[scope.parent].events if 0 <= scope.parent < len(facts.scopes) else ()
    for decorator in scope.decorators:
        if isinstance(decorator, Result) and 0 <= decorator.event < len(events):
            yield events[decorator.event].place


def _statements(facts: PythonFacts) -> Iterator[Lines]:
    """What spans several lines and is evaluated as one."""
    places = (event.place for scope in facts.scopes for event in scope.events)
    for place in (*places, *(item.place for item in facts.imports)):
        if place.end_line > place.line:
            yield place.line, place.end_line


def _code_lines(facts: PythonFacts) -> Iterator[int]:
    """Lines on which code stands, the first one among them."""
    yield from (item.place.line for item in facts.imports)
    for index, scope in enumerate(facts.scopes):
        yield from _body_lines(scope)
        if index:
            yield from (scope.place.line, *(place.line for place in _decorators(scope, facts)))
