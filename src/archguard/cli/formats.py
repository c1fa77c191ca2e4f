"""A run in one of the formats; each writer is imported when it is asked for."""

from __future__ import annotations

import sys
from pathlib import Path

from archguard.cli import terminal
from archguard.model.run import Run


def rendered(run: Run, form: str, output: Path | None, with_suppressed: bool = False) -> str | bytes:
    """The run as text, json, sarif, github or markdown."""
    if form == "text":
        return _text(run, output)
    if form == "json":
        from archguard.output import json_

        return json_.render(run)
    if form == "sarif":
        from archguard.output import sarif

        return sarif.render(run, with_suppressed=with_suppressed)
    if form == "github":
        from archguard.output import annotations

        return annotations.render(run)
    from archguard.assess.judge import assess
    from archguard.output.report import markdown

    return markdown.render(assess(run))


def _text(run: Run, output: Path | None) -> str:
    from archguard.output import console

    colour = output is None and terminal.has_colour(sys.stdout)
    return console.render(run, colour=colour, width=terminal.width())
