"""`archguard scan`: findings, for a terminal, a hook or a pull request."""

from __future__ import annotations

from pathlib import Path

import click

from archguard.cli.options import FORMATS, Reading, Writing, default_format, reading, writing


@click.command("scan", short_help="Findings of the rules.")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default=None,
    help="What is written.  [default: text; github in a GitHub workflow]",
)
@click.option("--with-suppressed", is_flag=True, help="In SARIF, also what a comment silences.")
@reading(surface="alert", engines="native")
@writing()
def command(
    paths: tuple[Path, ...], form: str | None, with_suppressed: bool, reading: Reading, writing: Writing
) -> int:
    """Findings of the rules in PATH (default: the current folder).

    With files, the whole program around them is linked, and what is reported is what those files contain
    or are a step of.
    """
    from archguard.cli.asking import request_of, run_of, severe, target_of
    from archguard.cli.formats import rendered
    from archguard.cli.status import status_of
    from archguard.cli.writing import answer

    target, files = target_of(paths)
    form = form or default_format()
    request = request_of(target, files, reading, inventory=form in ("json", "markdown"))
    shown = severe(run_of(request, writing), reading.severity)
    text = rendered(shown, form, writing.output, target, with_suppressed=with_suppressed)
    answer(text, writing.output)
    return status_of(shown, reading.fail_on)
