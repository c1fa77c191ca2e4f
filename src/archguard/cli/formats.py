"""A run in one of the formats; each writer is imported when it is asked for."""

from __future__ import annotations

import sys
from pathlib import Path

from archguard.cli.outputs import encoded, repeatable, way_back
from archguard.model.run import Run


def rendered(
    run: Run, form: str, output: Path | None, source: Path, *, with_suppressed: bool = False
) -> str | bytes:
    """The run as text, json, sarif, github or markdown."""
    if form == "text":
        return _text(run, output)
    if form == "json":
        from archguard.output.json_ import render as json

        return json(repeatable(run))
    if form == "sarif":
        from archguard.output.sarif import render as sarif

        return sarif(repeatable(run), with_suppressed=with_suppressed)
    if form == "github":
        from archguard.output.annotations import render as commands

        return commands(run)
    from archguard.assess.judge import assess

    return encoded(assess(repeatable(run)), "markdown", way_back(output, source))


def _text(run: Run, output: Path | None) -> str:
    from archguard.cli import terminal
    from archguard.output.console import render

    colour = output is None and terminal.has_colour(sys.stdout)
    return render(run, colour=colour, width=terminal.width())
