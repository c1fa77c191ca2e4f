"""An assessment as the bytes of a file; each writer is imported when it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archguard.model.assessment import Assessment


def encoded(assessment: Assessment, kind: str) -> bytes:
    """The file of this kind: sarif, sidecar, markdown or html."""
    if kind == "sarif":
        from archguard.output import sarif

        return sarif.render(assessment.run)
    if kind == "sidecar":
        from archguard.output import sidecar

        return sidecar.encode(assessment.run)
    if kind == "html":
        from archguard.output.report import html

        return html.render(assessment).encode()
    from archguard.output.report import markdown

    return markdown.render(assessment).encode()
