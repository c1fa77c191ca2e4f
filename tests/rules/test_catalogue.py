"""Choosing rules: what a selector names, and what the surface leaves out."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from archguard.model.finding import Severity
from archguard.model.rule import AREAS, Effort, Meta, RuleInfo, Surface
from archguard.rules import catalogue


def _rule(number: str, name: str, area: str, surface: Surface) -> RuleInfo:
    meta = Meta(number, Severity.HIGH, surface, "program", Effort(1), ("security",), "risk", "rollout")
    return RuleInfo(meta, name, area, name, name, f"archguard.rules.{area}.{name.replace('-', '_')}")


RULES = (
    _rule("AG0101", "circular-import", "structure", "report"),
    _rule("AG0901", "blocking-call-in-async", "concurrency", "alert"),
    _rule("AG0902", "cpu-bound-in-async", "concurrency", "report"),
    _rule("AG0905", "fire-and-forget-task", "concurrency", "alert"),
)


@pytest.fixture(autouse=True)
def _four(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "rules", lambda: RULES)


def _chosen(*select: str, ignore: tuple[str, ...] = (), surface: Surface = "report") -> list[str]:
    return [info.id for info in catalogue.choose(select, ignore, surface)]


def test_a_selector_is_an_id_its_beginning_a_name_or_an_area() -> None:
    assert _chosen() == ["AG0101", "AG0901", "AG0902", "AG0905"]
    assert _chosen("ag0901") == _chosen("blocking-call-in-async") == ["AG0901"]
    assert _chosen("AG09") == _chosen("concurrency") == ["AG0901", "AG0902", "AG0905"]
    assert _chosen("AG09", "structure", ignore=("AG0902",)) == ["AG0101", "AG0901", "AG0905"]
    assert _chosen(ignore=("all",)) == []


def test_the_alert_surface_leaves_reports_out_but_not_one_that_is_named() -> None:
    assert _chosen(surface="alert") == ["AG0901", "AG0905"]
    assert _chosen("AG09", surface="alert") == ["AG0901", "AG0905"]
    assert _chosen("AG0902", surface="alert") == ["AG0902"]


@pytest.mark.parametrize(
    ("word", "near"),
    [("AG0909", "AG090"), ("concurency", "concurrency"), ("blocking-call", "blocking-call-in")],
)
def test_a_selector_that_names_nothing_is_an_error_with_the_nearest(word: str, near: str) -> None:
    for select, ignore in (((word,), ()), ((), (word,))):
        with pytest.raises(catalogue.UnknownRule, match=f"did you mean {near}"):
            catalogue.choose(select, ignore)


def test_find_takes_an_id_or_a_name() -> None:
    assert catalogue.find("ag0905") is catalogue.find("Fire-And-Forget-Task") is RULES[3]
    with pytest.raises(catalogue.UnknownRule, match="no rule is called 'AG9999'"):
        catalogue.find("AG9999")


@given(st.sampled_from(RULES), st.text(max_size=40), st.sampled_from([area for area, _ in AREAS]))
def test_the_index_gives_back_what_it_was_given(info: RuleInfo, text: str, area: str) -> None:
    written = msgspec.json.encode((replace(info, doc=text, title=text, area=area),))
    assert msgspec.json.decode(written, type=tuple[RuleInfo, ...])[0].doc == text
