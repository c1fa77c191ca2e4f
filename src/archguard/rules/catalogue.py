"""The rules as a list, read from an index so that listing and choosing import none of them.

`python -m archguard.rules.generate` writes the index; a test fails when it is stale.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import cast

import msgspec

from archguard.model.rule import Check, RuleInfo, Surface

INDEX = Path(__file__).with_name("index.json")


class UnknownRule(ValueError):
    """A selector that names no rule; the message says which one is nearest."""


@cache
def rules() -> tuple[RuleInfo, ...]:
    """Every rule, sorted by id."""
    return msgspec.json.decode(INDEX.read_bytes(), type=tuple[RuleInfo, ...])


def load(info: RuleInfo) -> Check:
    """The function of one rule; imports that rule and nothing else."""
    return cast("Check", import_module(info.module).check)


def find(word: str) -> RuleInfo:
    """The rule of this id or name, in any case."""
    wanted = word.strip().lower()
    for info in rules():
        if wanted in (info.id.lower(), info.name):
            return info
    raise _unknown(word)


def choose(
    select: Iterable[str] = (), ignore: Iterable[str] = (), surface: Surface = "report"
) -> tuple[RuleInfo, ...]:
    """The rules to run: those selected and not ignored.

    A selector is an id, the beginning of one (``AG09``), a rule's name, an area (``concurrency``) or
    ``all``. The surface ``alert`` leaves out rules of the surface ``report``, but never one that is
    selected by its own id or name.
    """
    select, ignore = tuple(select), tuple(ignore)
    if unnamed := strangers((*select, *ignore)):
        raise _unknown(unnamed[0])
    return tuple(
        info
        for info in rules()
        if (not select or any(_covers(word, info) for word in select))
        and not any(_covers(word, info) for word in ignore)
        and (surface == "report" or info.meta.surface == "alert" or any(_names(w, info) for w in select))
    )


def _names(word: str, info: RuleInfo) -> bool:
    return word.strip().lower() in (info.id.lower(), info.name)


def _covers(word: str, info: RuleInfo) -> bool:
    wanted = word.strip().lower()
    prefix = wanted.startswith("ag") and info.id.lower().startswith(wanted)
    return prefix or wanted in ("all", info.area) or _names(word, info)


def strangers(selectors: Iterable[str]) -> tuple[str, ...]:
    """The selectors that no rule of this version answers to."""
    return tuple(
        word
        for word in selectors
        if word.strip().lower() != "all" and not any(_covers(word, info) for info in rules())
    )


def _unknown(word: str) -> UnknownRule:
    known = [name for info in rules() for name in (info.id, info.name, info.area)]
    near = get_close_matches(word.strip(), known, n=1) or get_close_matches(word.strip().upper(), known, n=1)
    hint = f"; did you mean {near[0]}?" if near else ""
    return UnknownRule(f"no rule is called {word.strip()!r}{hint}")
