"""A report as a tree of blocks, before it is markdown or HTML.

Every string in it is plain text: what comes from the code under review is escaped by the writers, at
their one door, and by nobody else.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Union

import msgspec


class Text(msgspec.Struct, frozen=True):
    """Words."""

    text: str


class Strong(msgspec.Struct, frozen=True):
    """Words that carry the sentence."""

    text: str


class Code(msgspec.Struct, frozen=True):
    """A name or a piece of code inside a sentence."""

    text: str


class Cite(msgspec.Struct, frozen=True):
    """A place in the code under review; written as ``path:line`` and linked."""

    path: str
    line: int


class Jump(msgspec.Struct, frozen=True):
    """A link to an anchor of the report itself."""

    anchor: str
    text: str


class Grade(msgspec.Struct, frozen=True):
    """A grade, or the words that stand for a missing one."""

    letter: str


class Level(msgspec.Struct, frozen=True):
    """A severity or priority."""

    name: str


class Anchor(msgspec.Struct, frozen=True):
    """Where a `Jump` leads; nothing is seen of it."""

    name: str


Inline = Union[Text, Strong, Code, Cite, Jump, Grade, Level, Anchor]
Line = tuple[Inline, ...]


class Heading(msgspec.Struct, frozen=True):
    """A heading; ``anchor`` is what a `Jump` leads to."""

    level: int
    line: Line
    anchor: str = ""


class Paragraph(msgspec.Struct, frozen=True):
    """A paragraph."""

    line: Line


class Bullets(msgspec.Struct, frozen=True):
    """A list."""

    items: tuple[Line, ...]
    ordered: bool = False


class Table(msgspec.Struct, frozen=True):
    """A table; ``numbers`` are the columns that are aligned to the right."""

    head: tuple[str, ...]
    rows: tuple[tuple[Line, ...], ...]
    numbers: frozenset[int] = frozenset()


class Quote(msgspec.Struct, frozen=True):
    """Lines of the code under review, verbatim but for masked secrets; ``marked`` is the one meant."""

    path: str
    first: int
    lines: tuple[str, ...]
    marked: int


class Listing(msgspec.Struct, frozen=True):
    """Code that is not a quotation: what to write instead, a command, a diff."""

    language: str
    text: str


class Diagram(msgspec.Struct, frozen=True):
    """A Mermaid diagram."""

    source: str


class Fold(msgspec.Struct, frozen=True):
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
