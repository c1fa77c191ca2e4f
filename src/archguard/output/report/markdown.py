"""The report as markdown, as GitHub renders it."""

from __future__ import annotations

from collections.abc import Iterable

from archguard.model.assessment import Assessment
from archguard.output.report.build import build
from archguard.output.report.document import (
    Anchor,
    Block,
    Bullets,
    Cite,
    Code,
    Diagram,
    Fold,
    Grade,
    Heading,
    Inline,
    Jump,
    Level,
    Line,
    Listing,
    Paragraph,
    Quote,
    Strong,
    Table,
    Text,
)
from archguard.output.report.escape import code, fenced, opening, source_lines, target, visible, words
from archguard.output.report.links import BESIDE, Links, links_for


def render(assessment: Assessment, *, beside: str = BESIDE) -> str:
    """The report; ``beside`` leads from its folder to the repository's top where links are relative."""
    return write(build(assessment), links_for(assessment.run.commit, beside))


def write(blocks: Iterable[Block], links: Links) -> str:
    """Blocks as markdown, an empty line between them and a newline at the end."""
    return "\n\n".join(_block(block, links) for block in blocks) + "\n"


def _block(block: Block, links: Links) -> str:
    match block:
        case Heading():
            anchor = f'<a id="{block.anchor}"></a>\n\n' if block.anchor else ""
            return f"{anchor}{'#' * block.level} {_line(block.line, links)}"
        case Paragraph():
            return opening(_line(block.line, links))
        case Bullets():
            marks = (f"{n}." if block.ordered else "-" for n in range(1, len(block.items) + 1))
            return "\n".join(
                f"{mark} {opening(_line(item, links))}" for mark, item in zip(marks, block.items, strict=True)
            )
        case Table():
            return _table(block, links)
        case Fold():
            inner = write(block.blocks, links)
            return f"<details>\n<summary>{words(block.summary)}</summary>\n\n{inner}\n</details>"
        case _:
            return _verbatim(block)


def _verbatim(block: Quote | Listing | Diagram) -> str:
    match block:
        case Quote():
            language = "python" if block.path.endswith((".py", ".pyi")) else "sql"
            info = f"{language} {target(block.path)}:{block.first}"
            return fenced("\n".join(source_lines(block.lines)), info)
        case Listing():
            return fenced(visible(block.text.rstrip("\n"), keep="\t\n"), block.language)
        case Diagram():
            return fenced(block.source.rstrip("\n"), "mermaid")


def _table(table: Table, links: Links) -> str:
    rule = ("---:" if column in table.numbers else "---" for column in range(len(table.head)))
    rows = [[words(title) for title in table.head], list(rule)]
    rows += [[_line(cell, links, in_table=True) for cell in row] for row in table.rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _line(line: Line, links: Links, in_table: bool = False) -> str:
    return "".join(_inline(part, links, in_table) for part in line).strip()


def _inline(part: Inline, links: Links, in_table: bool) -> str:
    match part:
        case Text():
            return words(part.text)
        case Strong():
            kept = part.text.rstrip()
            return f"**{words(kept)}**{part.text[len(kept) :]}"
        case Grade():
            return f"**{part.letter}**" if len(part.letter) == 1 else words(part.letter)
        case Level():
            return part.name
        case Code():
            return code(part.text, in_table)
        case Cite():
            return f"[{code(f'{part.path}:{part.line}', in_table)}]({links.to(part.path, part.line)})"
        case Jump():
            return f"[{words(part.text)}](#{part.anchor})"
        case Anchor():
            return f'<a id="{part.name}"></a>'
