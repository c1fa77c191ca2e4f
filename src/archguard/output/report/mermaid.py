"""Whether a Mermaid diagram holds together: its kind, its brackets and quotes, its subgraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

KINDS = ("flowchart", "graph", "erDiagram", "sequenceDiagram", "classDiagram", "stateDiagram-v2")

_PAIRS = {")": "(", "]": "[", "}": "{"}
_QUOTED = re.compile(r'"[^"]*"')
_CARDINALITY = re.compile(r"[|}][|o](?:--|\.\.)[|o][|{]")
_NODE = re.compile(r"^\s*end\s*(?:[\[({>]|-)")


def faults(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """What is wrong, with the number of the line in the diagram from 0."""
    head = next((text.split() for text in lines if text.strip()), [])
    if not head or head[0] not in KINDS:
        yield 0, f"a diagram of no known kind: {head[0] if head else 'it is empty'}"
        return
    depth = 0
    for number, text in enumerate(lines):
        word = text.split()[:1]
        depth += (word == ["subgraph"]) - (text.strip() == "end")
        if depth < 0:
            yield number, "an end without its subgraph"
            depth = 0
        yield from ((number, fault) for fault in _line_faults(text, head[0]))
    if depth:
        yield len(lines) - 1, "a subgraph without its end"


def _line_faults(text: str, kind: str) -> Iterator[str]:
    bare = _QUOTED.sub("", text)
    if '"' in bare:
        yield "a quote that is not closed"
    elif not _balanced(_CARDINALITY.sub("", bare)):
        yield "brackets that do not match"
    if kind in ("flowchart", "graph") and _NODE.match(bare):
        yield "a node called end, which Mermaid takes for the end of a subgraph"


def _balanced(text: str) -> bool:
    opened: list[str] = []
    for char in text:
        if char in _PAIRS.values():
            opened.append(char)
        elif char in _PAIRS and (not opened or opened.pop() != _PAIRS[char]):
            return False
    return not opened
