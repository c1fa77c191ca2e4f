"""`archguard report SARIF...`: the reassessment out of what any tools found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archguard.cli.options import Reading, Writing, format_option, machine, writing

if TYPE_CHECKING:
    from archguard.model.run import Run

FILE = click.Path(dir_okay=False, path_type=Path)
SIDECAR = "archguard.json"


@click.command("report", short_help="The reassessment report from SARIF files.")
@click.argument("files", nargs=-1, type=FILE, metavar="SARIF...")
@click.option("--source", type=click.Path(path_type=Path), help="The service itself; it is analysed too.")
@click.option(
    "--previous",
    metavar="FILE|REF",
    help="Compare with an earlier SARIF or sidecar, or with a commit.",
)
@click.option("--check", "checked", type=FILE, help="Verify this report: every place that it cites is there.")
@format_option("markdown", "html", "json", "sarif")
@machine()
@writing()
def command(
    *,
    files: tuple[Path, ...],
    source: Path | None,
    previous: str | None,
    checked: Path | None,
    form: str,
    reading: Reading,
    writing: Writing,
) -> int:
    """The reassessment report from any tools' SARIF files.

    An archguard.json beside a SARIF file is read with it: it holds what SARIF has no place for (the
    inventory, the controls, what failed).
    """
    from archguard.assess.judge import assess
    from archguard.cli.outputs import encoded, repeatable, way_back
    from archguard.cli.status import Status
    from archguard.cli.writing import answer

    if checked is not None:
        return _check(checked, files, source or Path("."), writing)
    if not files and source is None:
        raise click.UsageError("which SARIF files, or which --source?")
    run = _joined(files, source, reading, writing)
    before = _previous(previous, source or Path("."), reading, writing) if previous else None
    kind = {"json": "sidecar"}.get(form, form)
    beside = way_back(writing.output, source or Path("."))
    answer(encoded(assess(repeatable(run), before), kind, beside), writing.output)
    return Status.BROKEN if _unread(run, files) else Status.CLEAN


def _unread(run: Run, files: Sequence[Path]) -> bool:
    """Says which of the files that were given could not be read; what else failed is in the report."""
    from archguard.cli.writing import say

    names = {str(file) for file in files}
    unread = [failure for failure in run.failures if failure.fatal and failure.subject in names]
    for failure in unread:
        say(f"{failure.subject}: {failure.reason}")
    return bool(unread)


def _joined(files: Sequence[Path], source: Path | None, reading: Reading, writing: Writing) -> Run:
    """The files' run and, with a source, what an analysis of it adds."""
    from archguard.assess.reading import read_runs

    contents = _contents(files)
    if source is None:
        return read_runs(contents)
    run = _analysed(source, reading, writing, "worktree")
    if not files:
        return run
    from archguard.output.sarif import render
    from archguard.output.sidecar import encode

    own = [("results.sarif", render(run)), (SIDECAR, encode(run))]
    return read_runs([*own, *contents])


def _contents(files: Sequence[Path]) -> list[tuple[str, bytes]]:
    """The files, each once, with the sidecars that lie beside them."""
    found: dict[Path, bytes] = {}
    for file in files:
        found.setdefault(file, file.read_bytes())
        beside = file.with_name(SIDECAR)
        if beside.is_file():
            found.setdefault(beside, beside.read_bytes())
    return [(str(path), content) for path, content in found.items()]


def _previous(given: str, source: Path, reading: Reading, writing: Writing) -> Run:
    """An earlier run: out of a file where there is one, else an analysis of that commit."""
    from archguard.assess.reading import read_runs

    if Path(given).is_file():
        return read_runs(_contents([Path(given)]))
    if given.endswith((".sarif", ".json")):
        raise click.UsageError(f"no such file: {given}")
    return _analysed(source, reading, writing, given)


def _analysed(source: Path, reading: Reading, writing: Writing, snapshot: str) -> Run:
    from dataclasses import replace

    from archguard.cli.asking import request_of, run_of

    return run_of(request_of(source, (), replace(reading, snapshot=snapshot)), writing)


def _source_of(report: str, source: Path, writing: Writing) -> Callable[[str], bytes]:
    """Reads the files that a report speaks of: at its commit if that is here, else as they are now."""
    from archguard.cli.writing import say
    from archguard.discover.git import WORKTREE, top_of
    from archguard.discover.process import GitError
    from archguard.discover.snapshots import reader_of
    from archguard.output.report.reading import read_report

    top, commit = top_of(source.resolve()), read_report(report).commit
    if top is not None and commit:
        try:
            return reader_of(top, commit)
        except GitError as error:
            say(f"{error}: checked against the worktree", writing.quiet)
    return reader_of(top or source, WORKTREE)


def _check(report: Path, files: Sequence[Path], source: Path, writing: Writing) -> int:
    """Prints what is wrong with a report, a line each; with SARIF files its findings have to be in them."""
    from archguard.assess.reading import read_runs
    from archguard.cli.status import Status
    from archguard.cli.writing import answer, say
    from archguard.output.report.check import check

    known = {item.fingerprint for item in read_runs(_contents(files)).findings} if files else None
    text = report.read_text(encoding="utf-8")
    problems = check(text, _source_of(text, source, writing), known)
    answer("\n".join(f"{report}:{problem.line}: {problem.message}" for problem in problems), writing.output)
    if not problems:
        say(f"{report}: nothing is wrong with it", writing.quiet)
    return Status.FINDINGS if problems else Status.CLEAN
