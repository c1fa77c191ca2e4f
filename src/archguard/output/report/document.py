"""A report as a tree of blocks, before it is markdown or HTML.

Every string in it is plain text: what comes from the code under review is escaped by the writers, at
their one door, and by nobody else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Union


@dataclass(frozen=True, slots=True)
class Text:
    """Words."""

    text: str


@dataclass(frozen=True, slots=True)
class Strong:
    """Words that carry the sentence."""

    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """A name or a piece of code inside a sentence."""

    text: str


@dataclass(frozen=True, slots=True)
class Cite:
    """A place in the code under review; written as ``path:line`` and linked."""

    path: str
    line: int


@dataclass(frozen=True, slots=True)
class Jump:
    """A link to an anchor of the report itself."""

    anchor: str
    text: str


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade, or the words that stand for a missing one."""

    letter: str


@dataclass(frozen=True, slots=True)
class Level:
    """A severity or priority."""

    name: str


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where a `Jump` leads; nothing is seen of it."""

    name: str


Inline = Union[Text, Strong, Code, Cite, Jump, Grade, Level, Anchor]
Line = tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; ``anchor`` is what a `Jump` leads to."""

    level: int
    line: Line
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph."""

    line: Line


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list."""

    items: tuple[Line, ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table; ``numbers`` are the columns that are aligned to the right."""

    head: tuple[str, ...]
    rows: tuple[tuple[Line, ...], ...]
    numbers: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Quote:
    """Lines of the code under review, verbatim but for masked secrets; ``marked`` is the one meant."""

    path: str
    first: int
    lines: tuple[str, ...]
    marked: int


@dataclass(frozen=True, slots=True)
class Listing:
    """Code that is not a quotation: what to write instead, a command, a diff."""

    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Diagram:
    """A Mermaid diagram."""

    source: str


@dataclass(frozen=True, slots=True)
class Fold:
    """Blocks that are closed until somebody opens them."""

    summary: str
    blocks: tuple[Block, ...]


Block = Union[Heading, Paragraph, Bullets, Table, Quote, Listing, Diagram, Fold]


def line(*parts: Inline | str) -> Line:
    """A line out of words and inlines; empty words are left out."""
    return tuple(Text(part) if isinstance(part, str) else part for part in parts if part != "")


def say(*parts: Inline | str) -> Paragraph:
    """A paragraph."""
    return Paragraph(line(*parts))


def prose(text: str) -> Line:
    """Words in which names stand between backticks, as rules write their messages."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return line(text)
    return line(*(Code(part) if number % 2 else part for number, part in enumerate(parts) if part))


def joined(items: Sequence[Inline], separator: str = ", ") -> Line:
    """Inlines with a separator between them."""
    out: list[Inline] = []
    for item in items:
        out += [Text(separator), item] if out else [item]
    return tuple(out)
