"""The tables: every row means something, and nothing in them is an engine's own."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from archguard.engines.adapter import NAMES, adapter
from archguard.engines.catalogue import EngineRule, everything, table
from archguard.engines.conditions import CONDITIONS
from archguard.engines.processes import locate
from archguard.model.finding import Severity
from archguard.model.rule import AREAS

RULES = list(everything())
NOWHERE = Path("/nowhere")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_says_what_a_reader_needs(rule: EngineRule) -> None:
    meta = rule.info.meta
    assert rule.engine in NAMES
    assert rule.info.area in dict(AREAS)
    assert re.fullmatch(r"AG(0[1-9]|10)\d\d|ruff [A-Z]+\d+", rule.info.topic) or rule.info.topic == rule.id
    assert all((rule.info.title, rule.says, rule.fix, meta.risk, meta.impact))
    assert re.fullmatch(r"[a-z][a-z0-9-]+", rule.info.name)
    assert set(re.findall(r"\{\w+\}", rule.says)) <= {"{label}", "{measure}", "{count}"}
    assert "{count}" not in rule.one
    assert "{" not in rule.info.doc
    assert not rule.unless or rule.unless in CONDITIONS
    assert ("{count}" in rule.says) is (rule.per == "service")
    assert meta.security is (meta.cwe > 0)


def test_no_rule_of_an_engine_has_earned_an_alert_yet() -> None:
    assert {rule.info.meta.surface for rule in RULES} == {"report"}
    assert max(rule.info.meta.severity for rule in RULES) is Severity.HIGH


def test_rules_that_mean_a_secret_are_known_for_it() -> None:
    secret = {rule.id for rule in RULES if rule.secret}
    assert secret == {
        *(f"ruff S10{n}" for n in (5, 6, 7)),
        *(f"bandit B10{n}" for n in (5, 6, 7)),
        "detect-secrets secret-format",
    }
    assert all(rule.secret for rule in RULES if rule.info.topic in ("AG0801", "AG0802", "AG0803"))


def test_bandits_rules_amount_to_what_ruffs_of_that_number_amount_to() -> None:
    ruff, bandit = table("ruff").rules, table("bandit").rules
    for code, rule in bandit.items():
        twin = ruff.get(f"S{code[1:]}")
        if twin is not None:
            assert rule.info.topic == twin.info.topic
            assert rule.says == twin.says


def test_the_names_of_rules_are_unique_within_an_engine() -> None:
    names = [(rule.engine, rule.info.title, rule.says, rule.id) for rule in RULES]
    assert len(names) == len(set(names))


def test_ruff_knows_every_code() -> None:
    ruff = locate(adapter("ruff"), NOWHERE).path
    out = subprocess.run(
        [ruff, "rule", "--all", "--output-format", "json"], capture_output=True, check=True
    ).stdout
    stable = {each["code"] for each in json.loads(out) if not each["preview"]}
    assert table("ruff").rules.keys() <= stable


def test_bandit_knows_every_code() -> None:
    bandit = locate(adapter("bandit"), NOWHERE).path
    out = subprocess.run([bandit, "--help"], capture_output=True, check=True, text=True).stdout
    assert table("bandit").rules.keys() <= set(re.findall(r"\bB\d{3}\b", out))


def test_detect_secrets_knows_every_kind() -> None:
    from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class

    kinds = set(get_mapping_from_secret_type_to_class())
    assert table("detect-secrets").rules.keys() - {"secret-format"} <= kinds
