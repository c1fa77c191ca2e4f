"""What became of the findings that somebody judged: wrong ones that came back, right ones that are gone.

``python benchmarks/judge.py NAME=CHECKOUT[:TARGET]…``, for example ``shop=/src/shop:server``

``judgements.jsonl`` beside this file holds one judgement a line: the service and its commit, the rule,
the finding's key and place, the verdict and the reason in short. ``right`` is true and worth acting on,
``unhelpful`` is true and not worth it, ``wrong`` is not true. archguard scans each checkout anew; a
finding judged wrong or unhelpful that stands at severity high or more is a regression (exit status 1),
a right one that is gone is reported, and what nobody judged yet is listed for the next reader.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

JUDGEMENTS = Path(__file__).with_name("judgements.jsonl")
LOUD = {"high", "critical"}


class Judgement(msgspec.Struct, frozen=True):
    """What a reviewer said of one finding."""

    service: str
    commit: str
    rule: str
    key: str
    place: str
    verdict: str
    reason: str


class Found(msgspec.Struct, frozen=True):
    """As much of a finding as is compared."""

    rule: str
    key: str
    severity: str
    file: str
    line: int


class Output(msgspec.Struct, frozen=True):
    """As much of a scan's JSON as is read."""

    findings: tuple[Found, ...]


def judgements() -> list[Judgement]:
    """All that were written down."""
    lines = JUDGEMENTS.read_bytes().splitlines()
    return [msgspec.json.decode(line, type=Judgement) for line in lines if line.strip()]


def scan(checkout: str, target: str, rules: set[str]) -> list[Found]:
    """The findings of these rules, as the program in this environment finds them."""
    command = [sys.executable, "-m", "archguard", "scan", target or ".", "--no-cache", "--format", "json"]
    command += ["--surface", "report", "--severity", "low", "--select", ",".join(sorted(rules))]
    if any(" " in rule for rule in rules):  # another tool's
        command += ["--engines", "all"]
    done = subprocess.run(command, cwd=checkout, capture_output=True, check=False)
    if not done.stdout:
        sys.exit(f"{checkout}: {done.stderr.decode(errors='replace').strip()}")
    return list(msgspec.json.decode(done.stdout, type=Output).findings)


def commit_of(checkout: str) -> str:
    """The commit that is checked out."""
    command = ["git", "-C", checkout, "rev-parse", "HEAD"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def _names(found: Iterable[Found]) -> set[tuple[str, str]]:
    """What findings go by: rule and key, rule and place."""
    return {(each.rule, name) for each in found for name in (each.key, f"{each.file}:{each.line}")}


def compared(judged: list[Judgement], found: list[Found]) -> Iterator[str]:
    """One line for each judged finding that is not as it should be, and for each that nobody judged.

    Where a rule names its findings otherwise than it did, the place tells which one was judged.
    """
    there = {(each.rule, each.key): each for each in found if each.severity in LOUD}
    loud = _names(each for each in found if each.severity in LOUD)
    every = _names(found)
    for each in judged:
        names = {(each.rule, each.key), (each.rule, each.place)}
        if each.verdict == "right" and not names & every:
            yield f"gone       {each.rule} {each.place} {each.key}: {each.reason}"
        elif each.verdict != "right" and names & loud:
            yield f"regression {each.rule} {each.place} {each.key}: {each.verdict}, {each.reason}"
    known = {(each.rule, name) for each in judged for name in (each.key, each.place)}
    for key, new in sorted(there.items()):
        if key not in known and (new.rule, f"{new.file}:{new.line}") not in known:
            yield f"unjudged   {new.rule} {new.file}:{new.line} {new.key}"


def precision(judged: list[Judgement], found: list[Found]) -> str:
    """How many of the judged findings that stand now are right, rule by rule."""
    verdicts = {(each.rule, each.place): each.verdict for each in judged}
    verdicts |= {(each.rule, each.key): each.verdict for each in judged}
    parts = []
    for rule in sorted({each.rule for each in judged}):
        names = [(each.key, f"{each.file}:{each.line}") for each in found if each.rule == rule]
        told = [verdicts.get((rule, key), verdicts.get((rule, place), "")) for key, place in names]
        said = [verdict for verdict in told if verdict]
        parts.append(f"{rule} {said.count('right')} right of {len(said)} judged")
    return ", ".join(parts)


def main(arguments: list[str]) -> int:
    """Compare every checkout named; 1 if a finding judged wrong is back."""
    everything = judgements()
    failed = False
    for argument in arguments:
        name, _, place = argument.partition("=")
        checkout, _, target = place.partition(":")
        judged = [each for each in everything if each.service == name]
        if not judged:
            sys.exit(f"{name}: no judgements of this service")
        if commit_of(checkout) != judged[0].commit:
            print(f"{name}: judged at {judged[0].commit[:9]}, another commit is checked out")
        found = scan(checkout, target, {each.rule for each in judged})
        lines = list(compared(judged, found))
        failed |= any(line.startswith("regression") for line in lines)
        print(f"{name}: {precision(judged, found)}", *lines, sep="\n  ")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
