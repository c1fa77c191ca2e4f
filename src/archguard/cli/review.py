"""`archguard review`: the main job, every output in one go."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archguard.cli.options import FORMATS, Reading, Writing, format_option, reading, writing

if TYPE_CHECKING:
    from archguard.model.assessment import Assessment

FOLDER = Path("archguard-out")
FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("review", short_help="The whole review.")
@click.argument("path", type=click.Path(path_type=Path), default=Path("."), metavar="[PATH]")
@click.option(
    "--directory",
    type=click.Path(file_okay=False, path_type=Path),
    default=FOLDER,
    show_default=True,
    help="Where the files go that no option names.",
)
@click.option("--sarif", type=FILE, help="The SARIF file.  [default: results.sarif]")
@click.option("--json", "sidecar", type=FILE, help="Everything, as JSON.  [default: archguard.json]")
@click.option("--report", type=FILE, help="The report in markdown.  [default: report.md]")
@click.option("--html", type=FILE, help="The report as a page.  [default: report.html]")
@click.option("--dry-run", is_flag=True, help="Say which files would be written; write none.")
@format_option(*FORMATS)
@reading()
@writing()
def command(
    *,
    path: Path,
    directory: Path,
    sarif: Path | None,
    sidecar: Path | None,
    report: Path | None,
    html: Path | None,
    dry_run: bool,
    form: str,
    reading: Reading,
    writing: Writing,
) -> int:
    """The whole review of PATH (default: the current folder).

    Writes the SARIF, the report in markdown and HTML, and everything that was found as JSON; a summary
    goes to the terminal.
    """
    from archguard.assess.judge import assess
    from archguard.cli.asking import request_of, run_of, severe
    from archguard.cli.formats import rendered
    from archguard.cli.status import status_of
    from archguard.cli.writing import answer

    if not path.is_dir():
        raise click.UsageError(f"not a folder: {path}" if path.exists() else f"no such folder: {path}")
    run = severe(run_of(request_of(path, (), reading), writing), reading.severity)
    assessment = assess(run)
    written = {
        sarif or directory / "results.sarif": "sarif",
        sidecar or directory / "archguard.json": "sidecar",
        report or directory / "report.md": "markdown",
        html or directory / "report.html": "html",
    }
    answer(rendered(run, form, writing.output), writing.output)
    _write(assessment, written, dry_run, writing)
    return status_of(run, reading.fail_on)


def _write(assessment: Assessment, written: Mapping[Path, str], dry_run: bool, writing: Writing) -> None:
    """Writes each file; the names go to stderr, so that stdout holds the answer and nothing else."""
    from archguard.cli.outputs import encoded
    from archguard.cli.verdict import verdict
    from archguard.cli.writing import say, write_file

    for path, kind in written.items():
        if not dry_run:
            write_file(path, encoded(assessment, kind))
    names = " ".join(str(path) for path in written)
    say(verdict(assessment), writing.quiet)
    say(f"{'would write' if dry_run else 'written:'} {names}", writing.quiet)
