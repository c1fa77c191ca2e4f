"""What every semgrep rule has to be; whether it finds what it says is `make test-semgrep`'s to tell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from archguard.model.rule import AREAS, Impact, Surface
from archguard.rules.catalogue import rules

FOLDER = Path(__file__).parents[2] / "rules" / "semgrep"
FAMILIES = sorted(FOLDER.glob("*.yml"))
FOLDERS = [area for area, _ in AREAS]
NATIVE = {info.id: info for info in rules()}
Rule = dict[str, Any]


def _rules(family: Path) -> list[Rule]:
    found: list[Rule] = yaml.safe_load(family.read_text(encoding="utf-8"))["rules"]
    return found


ALL = [(family, rule) for family in FAMILIES for rule in _rules(family)]
every_rule = pytest.mark.parametrize("rule", [pytest.param(rule, id=rule["id"]) for _, rule in ALL])
every_family = pytest.mark.parametrize("family", [pytest.param(f, id=f.stem) for f in FAMILIES])


def _cases(family: Path) -> list[Path]:
    """The annotated files of a family: semgrep takes those of the same stem."""
    return sorted(p for p in FOLDER.iterdir() if p != family and p.name.startswith(f"{family.stem}."))


def _marks(family: Path, kind: str) -> set[str]:
    texts = [path.read_text(encoding="utf-8") for path in _cases(family)]
    listed = [ids for text in texts for ids in re.findall(rf"\b{kind}: ([\w, -]+)", text)]
    return {name.strip() for ids in listed for name in ids.split(",")}


def _values(value: object) -> Iterator[object]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from _values(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _values(inner)
    else:
        yield value


def test_ids_are_unique_and_ours() -> None:
    ids = [rule["id"] for _, rule in ALL]
    assert len(ids) == len(set(ids))
    assert [name for name in ids if not re.fullmatch(r"archguard(?:-[a-z0-9]+)+", name)] == []


@every_family
def test_every_rule_has_a_case_that_it_finds_and_one_that_it_leaves_alone(family: Path) -> None:
    ids = {rule["id"] for rule in _rules(family)}
    assert ids - _marks(family, "ruleid") == set()
    assert ids - _marks(family, "ok") == set()


@every_family
def test_every_mark_names_a_rule_of_its_family(family: Path) -> None:
    named = _marks(family, "ruleid") | _marks(family, "ok")
    assert named - {rule["id"] for rule in _rules(family)} == set()


@every_family
def test_semgrep_can_read_the_file_without_a_warning(family: Path) -> None:
    """Its YAML reader takes no fractions, no nulls, and no aliases inside a pattern."""
    values = [value for rule in _rules(family) for value in _values(rule)]
    assert [value for value in values if value is None or isinstance(value, float)] == []
    aliases = re.findall(r"^ +(\w[\w-]*): +\*\w+", family.read_text(encoding="utf-8"), re.MULTILINE)
    assert set(aliases) <= {"paths", "archguard", "references"}


@every_rule
def test_it_says_what_to_do_how_bad_it_is_and_how_sure(rule: Rule) -> None:
    assert rule["severity"] in {"CRITICAL", "HIGH", "MEDIUM", "LOW"}
    assert rule["message"].rstrip().endswith(".")
    assert 60 <= len(rule["message"]) <= 400
    metadata = rule["metadata"]
    assert metadata["category"] in {
        "security",
        "correctness",
        "performance",
        "maintainability",
        "best-practice",
    }
    assert metadata["confidence"] in {"HIGH", "MEDIUM", "LOW"}
    assert metadata["technology"]
    assert metadata["references"]
    assert all(link.startswith("https://") for link in metadata["references"])


@every_rule
def test_it_names_the_native_rule_that_it_equals_or_says_why_there_is_none(rule: Rule) -> None:
    """`planned: true` beside an id of the catalogue whose rule is not written yet."""
    ours = rule["metadata"]["archguard"]
    if "rule" not in ours:
        assert len(ours["reason"]) > 20
    elif ours["rule"] in NATIVE:
        assert ours["area"] == NATIVE[ours["rule"]].area
    else:
        assert ours["planned"] is True
        assert ours["rule"][:4] == f"AG{FOLDERS.index(ours['area']) + 1:02}"


@every_rule
def test_its_metadata_is_complete(rule: Rule) -> None:
    ours = rule["metadata"]["archguard"]
    assert ours["area"] in FOLDERS
    assert ours["surface"] in get_args(Surface)
    assert float(ours["effort"]["base"]) > 0
    assert float(ours["effort"]["per_place"]) > 0
    assert ours["impact"]
    assert set(ours["impact"]) <= set(get_args(Impact))


@every_rule
def test_a_rule_on_secrets_never_quotes_one(rule: Rule) -> None:
    """Only the name of what holds the secret may stand in a message."""
    if rule["metadata"]["archguard"].get("rule") in {"AG0801", "AG0802", "AG0803", "AG0702"}:
        assert set(re.findall(r"\$\.*[A-Z0-9_]+", rule["message"])) <= {"$NAME"}
