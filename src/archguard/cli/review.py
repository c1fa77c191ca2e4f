"""`archguard review`: the main job, every output in one go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archguard.cli.options import FORMATS, Reading, Writing, format_option, reading, writing

if TYPE_CHECKING:
    from archguard.model.assessment import Assessment
    from archguard.model.run import Run

FOLDER = Path("archguard-out")
FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("review", short_help="The whole review.")
@click.argument("path", type=click.Path(path_type=Path), default=Path("."), metavar="[PATH]")
@click.option(
    "--directory",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where the files go that no option names.  [default: the configuration's, else archguard-out]",
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
    directory: Path | None,
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
    from archguard.cli.outputs import repeatable
    from archguard.cli.status import Status, status_of
    from archguard.cli.verdict import verdict
    from archguard.cli.writing import answer, say

    if not path.is_dir():
        raise click.UsageError(f"not a folder: {path}" if path.exists() else f"no such folder: {path}")
    directory = directory or _folder(path, reading)
    run = run_of(request_of(path, (), reading), writing)
    shown = severe(run, reading.severity)
    answer(rendered(shown, form, writing.output, path), writing.output)
    files = {
        "sarif": sarif or directory / "results.sarif",
        "sidecar": sidecar or directory / "archguard.json",
        "markdown": report or directory / "report.md",
        "html": html or directory / "report.html",
    }
    assessment = assess(repeatable(run))
    whole = dry_run or _write(assessment, shown, files, path)
    say(verdict(assessment), writing.quiet)
    if whole:
        written = " ".join(str(file) for file in files.values())
        say(f"{'would write' if dry_run else 'written:'} {written}", writing.quiet)
    status = status_of(shown, reading.fail_on)
    return Status.BROKEN if status is Status.CLEAN and not whole else status


def _folder(source: Path, reading: Reading) -> Path:
    """The folder for the files: the configuration's in the repository, else one beside the caller.

    It is refused where it is a link that leads elsewhere: the repository may be a stranger's.
    """
    from archguard.config.settings import ReportSettings, load_settings
    from archguard.discover.git import top_of
    from archguard.discover.worktree import Reader

    top = (top_of(source.resolve()) or source).resolve()
    inside = source.resolve().relative_to(top).as_posix()
    settings = load_settings(Reader(top).any, reading.config, "" if inside == "." else inside)
    configured = settings.report.directory
    base, folder = (Path.cwd(), FOLDER)
    if configured != ReportSettings().directory:
        base, folder = top, top / configured
    if not (base / folder).resolve().is_relative_to(base.resolve()):
        raise click.UsageError(f"{folder} leads out of {base}; name a folder with --directory")
    return folder


def _write(assessment: Assessment, shown: Run, files: Mapping[str, Path], source: Path) -> bool:
    """Writes each file, and the others where one cannot be; whether all were.

    Only the SARIF leaves out what the options leave out: the grades hang on everything.
    """
    from msgspec.structs import replace

    from archguard.cli.failing import one_line
    from archguard.cli.outputs import encoded, repeatable, way_back
    from archguard.cli.writing import say, write_file

    failed = False
    _keep_out_of_git(files.values())
    for kind, file in files.items():
        content = replace(assessment, run=repeatable(shown)) if kind == "sarif" else assessment
        try:
            write_file(file, encoded(content, kind, way_back(file, source)))
        except Exception as error:
            say(f"{file} is not written: {type(error).__name__}: {one_line(error)}")
            failed = True
    return not failed


def _keep_out_of_git(files: Iterable[Path]) -> None:
    """A folder of our own that is new says to git that it is output, as caches do."""
    if any(file.parent == FOLDER for file in files) and not FOLDER.exists():
        FOLDER.mkdir()
        (FOLDER / ".gitignore").write_text("*\n", encoding="utf-8")
