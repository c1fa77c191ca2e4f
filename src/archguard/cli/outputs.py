"""An assessment as the bytes of a file; each writer is imported when it is asked for."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

if TYPE_CHECKING:
    from archguard.model.assessment import Assessment
    from archguard.model.run import Run


def encoded(assessment: Assessment, kind: str, beside: str) -> bytes:
    """The file of this kind: sarif, sidecar, markdown or html.

    ``beside`` leads from a report's folder to the repository's top, for links that are not to the web.
    """
    if kind == "sarif":
        from archguard.output.sarif import render

        return render(assessment.run)
    if kind == "sidecar":
        from archguard.output.sidecar import encode

        return encode(assessment.run)
    if kind == "html":
        from archguard.output.report.html import render as page

        return page(assessment, beside=beside).encode()
    from archguard.output.report.markdown import render as text

    return text(assessment, beside=beside).encode()


def repeatable(run: Run) -> Run:
    """The run without what differs from call to call: what was still in the cache, how long it took."""
    engines = tuple(replace(each, cached=0, seconds=0.0) for each in run.stats.engines)
    return replace(run, stats=replace(run.stats, cached=0, engines=engines))


def way_back(report: Path | None, source: Path) -> str:
    """From the report's folder (or the current one) to the top of the repository, with ``/`` at its end."""
    from archguard.discover.git import top_of

    folder = report.resolve().parent if report else Path.cwd()
    top = top_of(source.resolve()) or source.resolve()
    try:
        way = os.path.relpath(top.resolve(), folder)
    except ValueError:  # another drive
        return f"{top.as_uri()}/"
    return f"{Path(way).as_posix()}/"
