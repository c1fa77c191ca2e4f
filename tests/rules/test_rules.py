"""Every rule against its examples: what it reports equals the marks in them exactly.

An example is a folder ``tests/rules/<area>/<rule>/bad|good/<case>/``, read as a repository of its own.
A line that the rule has to report carries ``# expect: AG0901`` (``--`` in SQL, ``//`` in JavaScript;
``AG0901 high`` where the severity matters too); a good example carries none.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from archguard.discover.roles import kind_of
from archguard.model.finding import Finding
from archguard.model.rule import RuleInfo
from archguard.rules.catalogue import load, rules
from tests.support.marks import Mark, all_marks

HERE = Path(__file__).parent


def _cases() -> list[tuple[RuleInfo, Path]]:
    return [
        (info, case)
        for info in rules()
        for kind in ("bad", "good")
        for case in sorted((HERE / info.area / info.module.rpartition(".")[2] / kind).glob("*"))
        if case.is_dir()
    ]


def _reported(info: RuleInfo, case: Path) -> list[Mark]:
    from tests.support.programs import program_of

    found = [item for item in load(info)(program_of(case)) if isinstance(item, Finding)]
    return sorted(Mark(f.span.path, f.span.line, f.rule, str(f.severity)) for f in found)


def _marked(case: Path) -> list[Mark]:
    return all_marks(
        {
            path.relative_to(case).as_posix(): path.read_text(encoding="utf-8")
            for path in case.rglob("*")
            if path.is_file() and kind_of(path.name) != "other"
        }
    )


def _as_marked(reported: list[Mark], marked: list[Mark]) -> list[Mark]:
    """The reported findings without a severity where the mark on their line names none."""
    careless = {(mark.path, mark.line, mark.rule) for mark in marked if not mark.severity}
    return [m._replace(severity="") if m[:3] in careless else m for m in reported]


@pytest.mark.parametrize(
    ("info", "case"),
    [pytest.param(i, c, id=f"{i.id}-{c.parent.name}-{c.name}") for i, c in _cases()],
)
def test_a_rule_reports_exactly_what_its_example_marks(info: RuleInfo, case: Path) -> None:
    marked = _marked(case)
    assert bool(marked) == (case.parent.name == "bad"), "bad examples carry marks, good ones none"
    assert {mark.rule for mark in marked} <= {info.id}
    assert _as_marked(_reported(info, case), marked) == marked
