"""The last lines in a terminal: how much was found, how much was read, and what could not be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from archguard.model.finding import Severity
from archguard.model.run import Failure, Run, Suppression, Triaged
from archguard.output.console_text import Paint, clean, wrapped

_MOST = 10


def summary(run: Run, shown: Sequence[Triaged], paint: Paint, width: int) -> list[str]:
    """One line if nothing was found and all was read."""
    fatal = any(failure.fatal for failure in run.failures)
    if not shown:
        verdict = "nothing found, but not everything ran" if fatal else "nothing found"
        first = f"{verdict} in {_read(run)}{_since(run, shown)}"
        lines = [paint("bad" if fatal else "good", line) for line in wrapped(first, width)]
    else:
        lines = [_counts(shown, paint) + _since(run, shown), *wrapped(_read(run), width)]
    if run.suppressed and shown:
        lines.append(f"{_count(len(run.suppressed), 'finding')} suppressed by comments")
    return [
        *lines,
        *_listed([_unused(s) for s in run.unused_suppressions], "unused suppressions", width),
        *_listed([_failure(f) for f in sorted(run.failures, key=_rank)], "failures", width),
    ]


def _counts(shown: Sequence[Triaged], paint: Paint) -> str:
    """How many, by severity."""
    counts = Counter(item.finding.severity for item in shown)
    parts = [
        paint(str(severity), f"{counts[severity]} {severity}")
        for severity in sorted(Severity, reverse=True)
        if counts[severity]
    ]
    return f"{_count(len(shown), 'finding')}: {', '.join(parts)}"


def _since(run: Run, shown: Sequence[Triaged]) -> str:
    """How many are new, known and fixed, where the run was compared."""
    new = sum(item.novelty == "new" for item in run.findings)
    known = sum(item.novelty == "known" for item in run.findings)
    if not (run.since or new or known or run.fixed):
        return ""
    parts = [f"{new} new"] if shown else []
    parts += [f"{known} known"] if known else []
    parts += [f"{run.fixed} fixed"] if run.fixed else []
    since = f" since {clean(run.since)}" if run.since else ""
    return f"{' · ' if shown else '; '}{', '.join(parts) or 'nothing new'}{since}"


def _read(run: Run) -> str:
    """Files and lines, and how many calls were resolved: what could not be is never silent."""
    stats = run.stats
    parts = [f"{_count(stats.files, 'file')}, {_count(stats.lines, 'line')}"]
    if stats.calls:
        share = 100 * stats.resolved // stats.calls
        parts.append(f"{share}% of {stats.calls:,} calls resolved")
    gaps = Counter({clean(why): n for why, n in stats.gaps.items() if n})
    limits = {why.removeprefix("limit:"): n for why, n in gaps.items() if why.startswith("limit:")}
    others = {why.removeprefix("unresolved:"): n for why, n in gaps.items() if not why.startswith("limit:")}
    parts += [f"not resolved: {_most(others)}"] if others else []
    parts += [f"limits reached: {_most(limits)}"] if limits else []
    return "; ".join(parts)


def _most(counts: dict[str, int]) -> str:
    """The largest counts with their names."""
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    rest = sum(n for _, n in ranked[4:])
    shown = [f"{n:,} {why}" for why, n in ranked[:4]] + ([f"{rest:,} for other reasons"] if rest else [])
    return ", ".join(shown)


def _unused(suppression: Suppression) -> str:
    rules = ", ".join(suppression.rules)
    return clean(f"{suppression.span.path}:{suppression.span.line}: ignore[{rules}] suppresses nothing")


def _rank(failure: Failure) -> tuple[bool, str, str, int]:
    return not failure.fatal, failure.kind, failure.subject, failure.span.line if failure.span else 0


def _failure(failure: Failure) -> str:
    where = f"{failure.span.path}:{failure.span.line}" if failure.span else failure.subject
    said = {
        "rule": f"rule {failure.subject} failed: ",
        "engine": f"{failure.subject} did not run: ",
        "file": f"{where}: not read: ",
        "path": f"{where}: not read: ",
        "suppression": f"{where}: ",
        "setting": f"{failure.subject} in the configuration has no effect: ",
    }
    return clean(said.get(failure.kind, "") + failure.reason)


def _listed(entries: list[str], what: str, width: int) -> Iterable[str]:
    for entry in entries[:_MOST]:
        first, *rest = wrapped(entry, width - 2) or [""]
        yield f"! {first}"
        yield from (f"  {line}" for line in rest)
    if len(entries) > _MOST:
        yield f"! and {len(entries) - _MOST} more {what}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
