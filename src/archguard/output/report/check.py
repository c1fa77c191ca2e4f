"""`report --check`: whether what a report says is there, is there."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from functools import cache

import msgspec

from archguard.model.finding import Severity
from archguard.model.rule import AREAS
from archguard.output.report.escape import slug, source_lines, target
from archguard.output.report.mermaid import faults
from archguard.output.report.outline import MATRIX_HEAD, SECTIONS
from archguard.output.report.reading import Citation, Fence, Report, read_report
from archguard.triage.excerpts import decode

Read = Callable[[str], bytes]

_ANCHOR = re.compile(r'<a id="([^"]*)"></a>')
_JUMP = re.compile(r"\]\(#([^)\s]*)\)")
_HEADING = re.compile(r"^#### (?:<a[^>]*></a>)?(R\d+) ")
_CELL = re.compile(r"(?<!\\)\|")
STRUCK = "*"
"""What a masked character of a quoted line is."""

FACTS = ("Priority", "Effort", "Zero regression")
"""What every recommendation says."""


class Problem(msgspec.Struct, frozen=True, order=True):
    """Something wrong in a report, and the report's line where it stands."""

    line: int
    message: str


def check(text: str, read: Read, known: Collection[str] | None = None) -> list[Problem]:
    """Everything that is wrong with a report, in its order.

    ``read`` gives a file's bytes at the assessed commit and raises OSError where there is none.
    ``known`` are the fingerprints of the findings in the SARIF file or sidecar; None leaves that out.
    """
    report = read_report(text)
    files = _files(read)
    problems = [
        *_outline(report),
        *_citations(report, files),
        *(problem for fence in report.fences for problem in _fence(fence, files)),
        *_links(report, known),
        *_recommendations(report),
        *_matrix(report),
        *_folds(report),
    ]
    return sorted(set(problems))


def _files(read: Read) -> Callable[[str], tuple[str, ...] | None]:
    """The lines of a file as a report shows them, each file read once; None where there is none."""

    @cache
    def lines(path: str) -> tuple[str, ...] | None:
        try:
            return source_lines(tuple(decode(read(path)).split("\n")))
        except (OSError, ValueError):
            return None

    return lines


def _outline(report: Report) -> Iterator[Problem]:
    """All sections and areas, each once and in order."""
    headings = [(number, text) for number, text in report.prose if text.startswith("#")]
    wanted = [f"## {number}. {name}" for number, name in enumerate(SECTIONS, start=1)]
    wanted[2:2] = [f"### 2.{number} {title}: " for number, (_, title) in enumerate(AREAS, start=1)]
    last = 1
    for start in wanted:
        found = [number for number, text in headings if f"{text} ".startswith(start)]
        if not found:
            yield Problem(last, f"no heading {start.strip(' :')!r}")
        elif found[0] < last:
            yield Problem(found[0], f"{start.strip(' :')!r} stands before what it follows")
        last = max(last, *found, 1) if found else last


def _citations(report: Report, files: Callable[[str], tuple[str, ...] | None]) -> Iterator[Problem]:
    for cite in report.citations():
        lines = files(cite.path)
        if lines is None:
            yield Problem(cite.line, f"{cite.path}:{cite.cited} is cited, but there is no such file")
        elif not 1 <= cite.cited <= _count(lines):
            yield Problem(
                cite.line, f"{cite.path}:{cite.cited} is cited, but the file has {_count(lines)} lines"
            )
        elif not _leads(cite):
            yield Problem(cite.line, f"the link of {cite.path}:{cite.cited} leads elsewhere: {cite.target}")


def _count(lines: tuple[str, ...]) -> int:
    return max(1, len(lines) - (not lines[-1]))


def _leads(cite: Citation) -> bool:
    return f"/{cite.target}".endswith(f"/{target(cite.path)}#L{cite.cited}")


def _fence(fence: Fence, files: Callable[[str], tuple[str, ...] | None]) -> Iterator[Problem]:
    if fence.info == "mermaid":
        for offset, fault in faults(fence.lines):
            yield Problem(fence.line + 1 + offset, f"the diagram has {fault}")
        return
    if fence.quoted is None:
        return
    path, first = fence.quoted
    lines = files(path)
    if lines is None:
        yield Problem(fence.line, f"{path} is quoted, but there is no such file")
        return
    for offset, quoted in enumerate(fence.lines):
        number = first + offset
        there = lines[number - 1] if 1 <= number <= len(lines) else None
        if there is None or not _same(quoted, there):
            yield Problem(fence.line + 1 + offset, f"{path}:{number} reads otherwise than it is quoted")


def _same(quoted: str, there: str) -> bool:
    """Whether a quoted line is the source's, but for what is masked; a very long one may be cut."""
    cut = there[: len(quoted)] if len(quoted) >= 1000 else there
    return len(quoted) == len(cut) and all(a in (STRUCK, b) for a, b in zip(quoted, cut, strict=True))


def _links(report: Report, known: Collection[str] | None) -> Iterator[Problem]:
    """Anchors once each, jumps to anchors that are there, findings that the SARIF file has."""
    anchors: dict[str, int] = {}
    prose = list(report.outside_code())
    for number, text in prose:
        for name in _ANCHOR.findall(text):
            if name in anchors:
                yield Problem(number, f"the anchor {name} is there twice, first in line {anchors[name]}")
            anchors.setdefault(name, number)
    for number, text in prose:
        yield from (
            Problem(number, f"a link leads to #{name}, which is not there")
            for name in _JUMP.findall(text)
            if name not in anchors
        )
    if known is not None:
        there = {f"finding-{slug(fingerprint)}" for fingerprint in known}
        for name, number in anchors.items():
            if name.startswith("finding-") and name not in there:
                yield Problem(number, f"the finding {name.removeprefix('finding-')} is in no result given")


def _recommendations(report: Report) -> Iterator[Problem]:
    """Every recommendation has its facts and its code."""
    starts = [(number, match[1]) for number, text in report.prose if (match := _HEADING.match(text))]
    heads = [number for number, text in report.prose if re.match(r"#{1,4} ", text)]
    for start, name in starts:
        end = next((number for number in heads if number > start), 10**9)
        body = [text for number, text in report.prose if start < number < end]
        for fact in FACTS:
            said = next((text for text in body if text.startswith(f"- **{fact}**: ")), "")
            if not said.split(": ", 1)[-1].strip() or "not estimated" in said:
                yield Problem(start, f"{name} does not say its {fact.lower()}")
        if not any(start < fence.line < end for fence in report.fences):
            yield Problem(start, f"{name} shows no code")


def _matrix(report: Report) -> Iterator[Problem]:
    """Every row of the matrix is filled and its priority is one."""
    rows = {number: [cell.strip() for cell in _CELL.split(text)[1:-1]] for number, text in report.prose}
    start = next((number for number, cells in rows.items() if tuple(cells) == MATRIX_HEAD), None)
    number = start + 2 if start else 0
    while number in rows and len(rows[number]) == len(MATRIX_HEAD):
        cells = rows[number]
        if cells[1] not in {str(severity) for severity in Severity}:
            yield Problem(number, f"{cells[1] or 'nothing'} is no priority")
        for name, cell in zip(MATRIX_HEAD, cells, strict=True):
            if cell in ("", "–"):
                yield Problem(number, f"{name} is not filled in")
        number += 1


def _folds(report: Report) -> Iterator[Problem]:
    if report.unclosed:
        yield Problem(report.unclosed, "a fence that is not closed")
    depth, last = 0, 1
    for number, text in report.outside_code():
        change = text.count("<details>") - text.count("</details>")
        depth, last = depth + change, number if change else last
        if depth < 0:
            yield Problem(number, "a </details> that closes nothing")
            depth = 0
    if depth:
        yield Problem(last, "a <details> that is not closed")
