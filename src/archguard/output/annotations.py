"""Workflow commands that GitHub shows as annotations, for where there is no code scanning (forks, private).

GitHub shows ten of each level for one step, so the worst come first and the last line says how many
more there are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from archguard.assess.safe_text import safe
from archguard.model.finding import Severity
from archguard.model.place import Span
from archguard.model.run import Failure, Run, Triaged
from archguard.output.sarif_limits import rank

PER_LEVEL = 10

_LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "notice",
}


def render(run: Run) -> str:
    """One command a line; empty where there is nothing to say.

    Failures that change the exit status come first. Where the run is a comparison, findings that
    are not new and have no new member are left out, and one with only a new member stands there.
    """
    shown = [triaged for triaged in sorted(run.findings, key=rank) if _concerns(run, triaged)]
    names = {info.id: info.name for info in run.rules}
    commands = [_failure(failure) for failure in sorted(run.failures, key=lambda failure: not failure.fatal)]
    commands += [_finding(triaged, names) for triaged in shown]
    return "".join(line + "\n" for line in _limited(commands))


def _concerns(run: Run, triaged: Triaged) -> bool:
    return not run.since or triaged.novelty != "known" or bool(triaged.new_members)


def _limited(commands: Iterable[tuple[str, str]]) -> list[str]:
    """The first ten of each level. The line about the others is a notice and takes one's place."""
    room = {"error": PER_LEVEL, "warning": PER_LEVEL, "notice": PER_LEVEL - 1}
    lines: list[str] = []
    cut: Counter[str] = Counter()
    for level, line in commands:
        if room[level]:
            room[level] -= 1
            lines.append(line)
        else:
            cut[level] += 1
    if cut:
        counts = ", ".join(f"{count} {level}" for level, count in cut.items())
        text = f"{cut.total()} more are not shown here ({counts}): GitHub shows {PER_LEVEL} of a level."
        lines.append(_command("notice", {"title": "archguard"}, text))
    return lines


def _finding(triaged: Triaged, names: dict[str, str]) -> tuple[str, str]:
    finding = triaged.finding
    level = _LEVELS[finding.severity]
    title = f"{finding.rule} {names.get(finding.rule, '')}".strip()
    text = "\n".join([finding.message.strip(), *_ways(triaged)])
    return level, _command(level, {**_where(_anchor(triaged)), "title": title}, text)


def _anchor(triaged: Triaged) -> Span:
    """The finding's place, or its first new member's where only that is new."""
    finding = triaged.finding
    if triaged.novelty == "new":
        return finding.span
    new = (member.span for member in finding.members if member.key in triaged.new_members)
    return next(new, finding.span)


def _ways(triaged: Triaged) -> list[str]:
    """How the place is reached and what to do about it."""
    finding = triaged.finding
    lines = [f"→ {hop.text} ({hop.span.path}:{hop.span.line})" for hop in finding.chain]
    if len(finding.members) > 1:
        lines.insert(0, f"reached from {len(finding.members)}; the shortest way:" if lines else "")
    return [line for line in lines if line] + (
        [f"fix: {finding.fix.description}"] if finding.fix and finding.fix.description else []
    )


def _failure(failure: Failure) -> tuple[str, str]:
    level = "error" if failure.fatal else "warning"
    where = _where(failure.span) if failure.span else {}
    text = f"{failure.subject}: {failure.reason}"
    return level, _command(level, {**where, "title": f"archguard: {failure.kind} failed"}, text)


def _where(span: Span) -> dict[str, str]:
    """A place; columns only make sense to GitHub where they are on one line."""
    place = span.place
    where = {"file": span.path, "line": str(place.line), "endLine": str(place.end_line)}
    if place.line == place.end_line:
        where |= {"col": str(place.column), "endColumn": str(place.end_column)}
    return where


def _command(level: str, properties: dict[str, str], text: str) -> str:
    listed = ",".join(f"{name}={_escaped(value, ':,')}" for name, value in properties.items())
    return f"::{level} {listed}::{_escaped(text)}"


def _escaped(text: str, more: str = "") -> str:
    """Percent-encodes what would end the command or its property; the percent sign first."""
    text = safe(text)
    for character in "%\r\n" + more:
        text = text.replace(character, f"%{ord(character):02X}")
    return text
