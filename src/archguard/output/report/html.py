"""The report as one HTML file: no network, searchable, printable."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING

import msgspec

from archguard.assess.areas import open_findings
from archguard.model.assessment import Assessment
from archguard.model.finding import Severity
from archguard.output.report.build import build
from archguard.output.report.document import Block, Cite, Heading, Line, Quote, Text, prose
from archguard.output.report.document import Grade as GradeMark
from archguard.output.report.escape import flat, source_lines, visible
from archguard.output.report.links import BESIDE, links_for
from archguard.output.report.names import finding_anchor, name_of

if TYPE_CHECKING:
    from jinja2 import Environment


class Part(msgspec.Struct, frozen=True):
    """An entry of the navigation."""

    name: str
    anchor: str
    grade: str = ""
    parts: tuple[Part, ...] = ()


class Row(msgspec.Struct, frozen=True):
    """A finding in the table of all findings."""

    severity: str
    rule: str
    anchor: str
    place: Cite
    words: Line
    quote: Quote | None


def render(assessment: Assessment, *, beside: str = BESIDE) -> str:
    """The page; ``beside`` leads from its folder to the repository's top where links are relative."""
    blocks = build(assessment)
    style, script = _resource("style.css"), _resource("page.js")
    page = _environment().get_template("report.html.j2")
    return page.render(
        title=f"Architecture reassessment: {flat(name_of(assessment))}",
        blocks=blocks,
        sections=_navigation(blocks),
        findings=_rows(assessment),
        severities=[str(severity) for severity in sorted(Severity, reverse=True)],
        links=links_for(assessment.run.commit, beside),
        style=_trusted(style),
        script=_trusted(script),
        style_hash=_hash(style),
        script_hash=_hash(script),
    )


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    environment = Environment(
        loader=FunctionLoader(_resource),
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    environment.filters.update(kind=_kind, seen=visible, source=source_lines)
    return environment


def _resource(name: str) -> str:
    return (files("archguard.output.report") / "templates" / name).read_text(encoding="utf-8")


def _trusted(text: str) -> str:
    """Text of our own that is not escaped; nothing of the code under review ever is."""
    from markupsafe import Markup

    return Markup(text)


def _hash(text: str) -> str:
    """What the page's own policy lets through, as Content-Security-Policy names it."""
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def _kind(value: object) -> str:
    return type(value).__name__


def _navigation(blocks: Iterable[Block]) -> tuple[Part, ...]:
    """The sections, and below them what else of the third level has an anchor."""
    sections: list[Part] = []
    for block in blocks:
        if not isinstance(block, Heading) or not block.anchor:
            continue
        name = "".join(part.text for part in block.line if isinstance(part, Text)).strip(" :")
        letter = next((part.letter for part in block.line if isinstance(part, GradeMark)), "")
        part = Part(name, block.anchor, letter if len(letter) == 1 else "")
        if block.level == 2:
            sections.append(part)
        elif block.level == 3 and sections:
            above = sections[-1]
            sections[-1] = Part(above.name, above.anchor, above.grade, (*above.parts, part))
    return tuple(sections)


def _rows(assessment: Assessment) -> list[Row]:
    rows = []
    for triaged in open_findings(assessment.run):
        found = triaged.finding
        place = Cite(found.span.path, found.span.line)
        quote = Quote(found.span.path, triaged.excerpt_line, triaged.excerpt, found.span.line)
        rows.append(
            Row(
                severity=str(found.severity),
                rule=found.rule,
                anchor=finding_anchor(triaged),
                place=place,
                words=prose(found.message),
                quote=quote if triaged.excerpt else None,
            )
        )
    return rows
