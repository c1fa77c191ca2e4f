"""From the options to a request, and from a request to the part of the run that is reported."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import click
from msgspec.structs import replace

from archguard.cli.options import Reading, Writing
from archguard.cli.terminal import waiting
from archguard.cli.writing import say
from archguard.model.finding import Severity
from archguard.model.run import Run
from archguard.pipeline import Request, analyse
from archguard.rules.catalogue import choose, rules
from archguard.rules.catalogue import strangers as unknown_here
from archguard.triage.selectors import strangers

_NOT_RUN = {
    "engine": ("engine", "did not run"),
    "file": ("file", "could not be read"),
    "path": ("path", "could not be read"),
    "rule": ("rule", "did not run"),
    "suppression": ("suppression", "had no effect"),
    "setting": ("setting", "had no effect"),
}
"""What is said of failures that leave the exit status alone, by their kind."""


def target_of(paths: Sequence[Path]) -> tuple[Path, tuple[str, ...]]:
    """What is linked, and which paths in it are reported (none: all).

    One folder is linked and reported. With files, or with several paths, the folder that holds them all
    and the current one is linked: what a file does to others can only be seen from there.
    """
    for path in paths:
        if not path.exists():
            raise click.UsageError(f"no such file or folder: {path}")
    if not paths:
        return Path("."), ()
    if len(paths) == 1 and paths[0].is_dir():
        return paths[0], ()
    here = Path.cwd()
    inside = all(path.resolve().is_relative_to(here.resolve()) for path in paths)
    top = here if inside else Path(os.path.commonpath([path.resolve().parent for path in paths]))
    return top, tuple(str(path) for path in paths)


def request_of(target: Path, files: tuple[str, ...], reading: Reading, inventory: bool = True) -> Request:
    """The options as the pipeline wants them; raises UnknownRule for a selector that names no rule."""
    _demand_known((*reading.select, *reading.ignore))
    return Request(
        target=target,
        files=files,
        select=reading.select,
        ignore=reading.ignore,
        surface=_surface(reading),
        since=reading.since,
        snapshot=reading.snapshot,
        config=reading.config,
        jobs=reading.jobs,
        cache_dir=reading.cache_dir,
        use_cache=not reading.no_cache,
        engines=reading.engines,
        inventory=inventory,
    )


def _demand_known(words: tuple[str, ...]) -> None:
    """Raises UnknownRule for a word that stands for no rule, neither archguard's nor another tool's."""
    if unknown := strangers(words):
        choose(unknown)


def _is_foreign(word: str) -> bool:
    """Whether the word stands for rules of other tools only."""
    return bool(unknown_here((word,))) and not strangers((word,))


def _surface(reading: Reading) -> Literal["alert", "report"]:
    """A rule that is named is run, whatever the surface: who asks for it wants to see it."""
    if any(_is_foreign(word) for word in reading.select):
        return "report"
    named = {word.lower() for word in reading.select}
    asked = [info for info in rules() if named & {info.id.lower(), info.name}]
    return "report" if any(info.meta.surface == "report" for info in asked) else reading.surface


def run_of(request: Request, writing: Writing) -> Run:
    """Analyses, with a sign of life on a terminal, and tells on stderr what did not work."""
    with waiting(f"reading {request.target}", writing.quiet):
        run = analyse(request)
    tell_failures(run, writing)
    tell_engines(run, writing)
    return run


def tell_engines(run: Run, writing: Writing) -> None:
    """Which other tools looked, how long each took and what became of what they found."""
    for each in run.stats.engines:
        kept = f", {each.cached:,} of them as before" if each.cached else ""
        parts = [f"{each.found:,} found"]
        parts += [f"{each.joined:,} joined with others"] if each.joined else []
        parts += [f"{each.left:,} not shown on their own"] if each.left else []
        read = f"{each.files:,} files{kept} in {each.seconds:.1f} s"
        say(f"{each.name} {each.version}: {read}; {', '.join(parts)}", writing.quiet)


def tell_failures(run: Run, writing: Writing) -> None:
    """What changes the exit status, a line each; the rest as a number, unless everything is asked for."""
    fatal = [failure for failure in run.failures if failure.fatal]
    others = [failure for failure in run.failures if not failure.fatal]
    for failure in (*fatal, *(others if writing.verbose else ())):
        place = f"{failure.span}: " if failure.span else f"{failure.subject}: "
        say(f"{place}{failure.reason}")
    if others and not writing.verbose:
        counts = Counter(failure.kind for failure in others)
        said = ", ".join(_counted(kind, count) for kind, count in sorted(counts.items()))
        say(f"{said} (--verbose names each)", writing.quiet)


def _counted(kind: str, count: int) -> str:
    noun, what = _NOT_RUN[kind]
    return f"{count} {noun}{'s' if count > 1 else ''} {what}"


def severe(run: Run, severity: str) -> Run:
    """The run without findings under a severity; everything else stays, failures above all."""
    least = Severity[severity.upper()]
    if least is Severity.LOW:
        return run
    return replace(run, findings=tuple(t for t in run.findings if t.finding.severity >= least))
