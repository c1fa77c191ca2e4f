"""A report read back: its lines, fences, citations and anchors, as far as the check needs them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

import msgspec

_RUN = re.compile(r"\\.|`+")
_FENCE = re.compile(r"^ {0,3}(`{3,})(.*)$")
_CITE = re.compile(r"(?P<path>.+):(?P<line>\d+)")
_LINK = re.compile(r"\]\((?P<target>[^()\s]*)\)")
_COMMIT = re.compile(r"Commit `(?P<hash>[0-9a-f]{7,64})`")
_QUOTE = re.compile(r"\w+ (?P<path>\S+):(?P<first>\d+)")


class Fence(msgspec.Struct, frozen=True):
    """A fenced block: where it opens, what its info string says, its lines."""

    line: int
    info: str
    lines: tuple[str, ...]

    @property
    def quoted(self) -> tuple[str, int] | None:
        """The path and first line that the block quotes, or None for code that is no quotation."""
        match = _QUOTE.fullmatch(self.info)
        return (unquote(match["path"]), int(match["first"])) if match else None


class Citation(msgspec.Struct, frozen=True):
    """A linked ``path:line``."""

    line: int
    path: str
    cited: int
    target: str


class Report(msgspec.Struct, frozen=True):
    """A report in pieces: ``prose`` are the numbered lines outside of every fence."""

    prose: tuple[tuple[int, str], ...]
    fences: tuple[Fence, ...]
    unclosed: int = 0

    @property
    def commit(self) -> str:
        """The commit that was assessed; empty where there was none, or not only it was read."""
        for _, text in self.prose:
            if match := _COMMIT.match(text):
                return "" if ", with uncommitted changes" in text else match["hash"]
        return ""

    def citations(self) -> Iterator[Citation]:
        """Every place that is cited outside of code."""
        for number, text in self.prose:
            yield from _citations(number, text)

    def outside_code(self) -> Iterator[tuple[int, str]]:
        """The lines of prose with their code spans emptied."""
        for number, text in self.prose:
            yield number, _without_spans(text)


def read_report(text: str) -> Report:
    """The pieces of a report."""
    prose: list[tuple[int, str]] = []
    fences: list[Fence] = []
    opened: tuple[int, str, str] | None = None
    held: list[str] = []
    for number, line in enumerate(text.split("\n"), start=1):
        match = _FENCE.match(line)
        if opened is None and match:
            opened, held = (number, match[1], match[2].strip()), []
        elif opened is None:
            prose.append((number, line))
        elif match and not match[2].strip() and len(match[1]) >= len(opened[1]):
            fences.append(Fence(opened[0], opened[2], tuple(held)))
            opened = None
        else:
            held.append(line)
    return Report(tuple(prose), tuple(fences), opened[0] if opened else 0)


def _spans(text: str) -> Iterator[tuple[int, int, str]]:
    """The code spans of a line: start, end and content."""
    position = 0
    while match := _RUN.search(text, position):
        position = match.end()
        if match[0].startswith("\\"):
            continue
        length = len(match[0])
        close = re.compile(rf"(?<!`)`{{{length}}}(?!`)").search(text, position)
        if close:
            yield match.start(), close.end(), text[position : close.start()]
            position = close.end()


def _citations(number: int, text: str) -> Iterator[Citation]:
    for start, end, content in _spans(text):
        link = _LINK.match(text, end)
        if link is None or text[start - 1 : start] != "[":
            continue
        inner = content.strip() if content.strip("` ") != content else content
        cite = _CITE.fullmatch(inner.replace("\\|", "|"))
        if cite:
            yield Citation(number, cite["path"], int(cite["line"]), link["target"])


def _without_spans(text: str) -> str:
    for start, end, _ in reversed(list(_spans(text))):
        text = text[:start] + "``" + text[end:]
    return text
