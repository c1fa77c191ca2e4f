"""A rule's page in the documentation, made from its docstring, its metadata and its first examples."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import groupby
from pathlib import PurePosixPath

import msgspec

from archguard.model.rule import AREAS, RuleInfo

SECTIONS = ("What it does", "Why is this bad", "How to fix", "What it leaves alone", "References")
"""The parts of a rule's docstring, each a line ``## Why is this bad`` with text under it."""

MARK = re.compile(r"\s*(?P<comment>#|--|//)\s*expect:\s*(?P<marks>.*)$")
NOTE = "<!-- Written by `python -m archguard.rules.generate`; change the rule or its examples instead. -->"
LANGUAGES = {".py": "python", ".sql": "sql", ".toml": "toml", ".yml": "yaml", ".yaml": "yaml"}


class Examples(msgspec.Struct, frozen=True):
    """The first bad and the first good case of a rule: path and content of their files."""

    bad: Mapping[str, str] = msgspec.field(default_factory=dict)
    good: Mapping[str, str] = msgspec.field(default_factory=dict)


def sections(doc: str) -> dict[str, str]:
    """The docstring's parts by their headings, empty ones left out; text before the first has none."""
    current: list[str] = []
    found: dict[str, list[str]] = {"": current}
    for line in doc.splitlines()[1:]:
        heading = re.fullmatch(r"## (.+?)\s*", line)
        if heading:
            current = found.setdefault(heading[1], [])
        else:
            current.append(line)
    texts = {name: "\n".join(lines).strip() for name, lines in found.items()}
    return {name: text for name, text in texts.items() if text}


def page(info: RuleInfo, examples: Examples) -> str:
    """The page of one rule in the documentation."""
    return f"{NOTE}\n\n{card(info, examples)}"


def card(info: RuleInfo, examples: Examples | None = None) -> str:
    """What there is to know of a rule; an installed archguard has no examples."""
    examples = examples or Examples()
    parts = [f"# {info.id} {info.name}", f"**{info.title}.**", _facts(info)]
    for name, text in sections(info.doc).items():
        parts.append(f"## {name}\n\n{text}" if name else text)
        if name == "Why is this bad" and examples.bad:
            parts.append(f"## Found\n\n{_files(examples.bad)}")
        if name == "How to fix" and examples.good:
            parts.append(f"## Not found\n\n{_files(examples.good)}")
    parts.append(f"## If nobody acts\n\n{info.meta.risk}")
    parts.append(f"## Bringing the fix out\n\n{info.meta.rollout}")
    parts.append(_silence(info))
    return "\n\n".join(parts) + "\n"


def overview(infos: tuple[RuleInfo, ...]) -> str:
    """The page that lists all rules, by area."""
    titles = dict(AREAS)
    parts = [NOTE, "# Rules", _LEGEND]
    for area, rules in groupby(infos, key=lambda info: info.area):
        rows = "\n".join(
            f"| [{i.id}]({i.id}.md) | {i.name} | {i.meta.severity} | {i.meta.surface} | {_cell(i.title)} |"
            for i in rules
        )
        heading = "| rule | name | severity | surface | what it finds |\n|---|---|---|---|---|"
        parts.append(f"## {titles[area]}\n\n{heading}\n{rows}")
    return "\n\n".join(parts) + "\n"


_LEGEND = (
    "A rule of the surface *alert* speaks in hooks, pull requests and code scanning; one of the surface\n"
    "*report* only in the reassessment report, until its precision on real services has been measured.\n"
    "The severity is the usual one; the context of a finding may raise or lower it."
)


def _facts(info: RuleInfo) -> str:
    meta = info.meta
    effort = f"{meta.effort.base:g} h"
    if meta.effort.per_place:
        effort += f", and {meta.effort.per_place:g} h for each further place"
    rows = [
        ("area", dict(AREAS)[info.area]),
        ("severity", str(meta.severity)),
        ("confidence", str(meta.confidence)),
        ("surface", meta.surface),
        ("reads", "one module and what it calls" if meta.scope == "module" else "the whole program"),
        ("reported in", ", ".join(meta.roles) + " files"),
        ("effort to fix", effort),
        ("impact", ", ".join(meta.impact)),
        ("can a fix change what callers see", "yes" if meta.breaks_callers else "no"),
    ]
    if meta.cwe:
        rows.append(("weakness", f"[CWE-{meta.cwe}](https://cwe.mitre.org/data/definitions/{meta.cwe}.html)"))
    return "| | |\n|---|---|\n" + "\n".join(f"| {name} | {_cell(value)} |" for name, value in rows)


def _files(files: Mapping[str, str]) -> str:
    shown = {path: text for path, text in files.items() if text.strip()}
    return "\n\n".join(f"`{path}`\n\n{_code(path, text)}" for path, text in shown.items())


def _code(path: str, text: str) -> str:
    lines = [_unmarked(line) for line in text.rstrip().splitlines()]
    language = LANGUAGES.get(PurePosixPath(path).suffix, "")
    return f"```{language}\n" + "\n".join(lines) + "\n```"


def _unmarked(line: str) -> str:
    """The line with its mark as a reader of documentation expects it: an arrow and the rule."""
    mark = MARK.search(line)
    return f"{line[: mark.start()]}  {mark['comment']} <- {mark['marks'].strip()}" if mark else line


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _silence(info: RuleInfo) -> str:
    return (
        "## Silencing one\n\n"
        f"Write `# archguard: ignore[{info.id}] -- why` on the line; the reason stays in the report."
    )
