"""Words that stand for rules: an id, the beginning of one, a name, an area."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from archguard.model.rule import RuleInfo

_PREFIX = re.compile(r"ag\d{0,4}\Z")

Known = Mapping[str, RuleInfo]
"""The rules that exist, by id."""


def covers(word: str, rule: str, known: Known) -> bool:
    """Whether the word stands for this rule, be it archguard's own or an engine's.

    An engine's rule is meant by ``ruff S113``, ``ruff:S113`` or ``S113``, by ``ruff``, and by the rule of
    archguard that it amounts to.
    """
    wanted, rule_id = word.strip().lower(), rule.lower()
    info = known.get(rule)
    meant = (rule_id, info.topic.lower()) if info else (rule_id,)
    if wanted == "all" or wanted in meant:
        return True
    if _PREFIX.match(wanted) and any(one.startswith(wanted) for one in meant):
        return True
    engine, _, code = rule_id.partition(" ")
    if code and wanted in (engine, code, f"{engine}:{code}"):
        return True
    return info is not None and wanted in (info.name, info.area)


def any_covers(words: Iterable[str], rule: str, known: Known) -> bool:
    """Whether one of the words stands for the rule."""
    return any(covers(word, rule, known) for word in words)


def complaint(word: str, known: Known, seen: Iterable[str] = ()) -> str:
    """Why a word in a suppression stands for nothing; empty where it stands for something.

    ``seen`` are ids of findings: an engine's rules are known only by what they found, so a word that
    does not look like one of archguard's own is not judged.
    """
    if any(covers(word, rule, known) for rule in (*known, *seen)):
        return ""
    from difflib import get_close_matches

    names = [name for info in known.values() for name in (info.id, info.name)]
    near = get_close_matches(word, names, n=1, cutoff=0.8)
    near = near or get_close_matches(word.upper(), names, n=1, cutoff=0.8)
    if not near and not re.match(r"ag\d", word, re.IGNORECASE):
        return ""
    return f"no rule is called {word!r}" + (f"; did you mean {near[0]}?" if near else "")


def strangers(words: Iterable[str]) -> tuple[str, ...]:
    """The words that no rule answers to, neither archguard's nor another tool's.

    Of semgrep's rules only those that are installed are known, so what names a tool is not judged.
    """
    from archguard.rules.catalogue import strangers as unknown_here

    found = unknown_here(words)
    if not found:
        return ()
    from archguard.engines.catalogue import RANK, everything

    known = {rule.id: rule.info for rule in everything()}
    return tuple(
        word
        for word in found
        if re.split(r"[\s:]", word.strip().lower(), maxsplit=1)[0] not in RANK
        and not any(covers(word, rule, known) for rule in known)
    )
