"""What every rule has to be, so that its page, its SARIF and its report are complete."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from archguard.model.rule import AREAS, RuleInfo
from archguard.rules.catalogue import rules
from archguard.rules.pages import SECTIONS, sections

TOP = Path(__file__).parents[2]
FOLDERS = [area for area, _ in AREAS]
every_rule = pytest.mark.parametrize("info", [pytest.param(info, id=info.id) for info in rules()])


def _source(info: RuleInfo) -> Path:
    return TOP / "src" / Path(*info.module.split(".")).with_suffix(".py")


def test_ids_and_names_are_unique() -> None:
    assert len({info.id for info in rules()}) == len(rules())
    assert len({info.name for info in rules()}) == len(rules())


@every_rule
def test_the_id_has_the_number_of_its_area(info: RuleInfo) -> None:
    assert info.id[:4] == f"AG{FOLDERS.index(info.area) + 1:02}"
    assert len(info.id) == 6
    assert info.id[2:].isdigit()


@every_rule
def test_the_docstring_is_a_whole_page(info: RuleInfo) -> None:
    assert [name for name in SECTIONS if not sections(info.doc).get(name)] == []
    assert 10 <= len(info.title) <= 110


@every_rule
def test_the_metadata_is_complete(info: RuleInfo) -> None:
    meta = info.meta
    assert meta.effort.base > 0
    assert meta.impact
    assert len(meta.risk) > 20
    assert len(meta.rollout) > 20
    assert bool(meta.cwe) or not meta.security


@every_rule
def test_it_has_a_bad_and_a_good_example(info: RuleInfo) -> None:
    folder = TOP / "tests" / "rules" / info.area / info.module.rpartition(".")[2]
    for kind in ("bad", "good"):
        assert [case for case in folder.glob(f"{kind}/*") if case.is_dir()], f"no {kind} example in {folder}"


@every_rule
def test_it_sees_nothing_but_the_model(info: RuleInfo) -> None:
    imported = {
        name
        for node in ast.walk(ast.parse(_source(info).read_text(encoding="utf-8")))
        for name in _imported(node)
        if name.split(".")[0] == "archguard"
    }
    assert {name for name in imported if not name.startswith("archguard.model")} == set()


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []
