"""Where a citation leads: to the commit on the web if that is known, else to the file beside the report."""

from __future__ import annotations

import msgspec

from archguard.model.run import Commit
from archguard.output.report.escape import target, web_address

BESIDE = "../"
"""From the report's folder to the repository's top: both usual places are one folder below it."""


class Links(msgspec.Struct, frozen=True):
    """The two halves around a path: ``base`` before it, ``#L`` and the line after it."""

    base: str

    def to(self, path: str, line: int = 0) -> str:
        """The link to a line of a file, or to the file."""
        return f"{self.base}{target(path)}" + (f"#L{line}" if line else "")


def links_for(commit: Commit, beside: str = BESIDE) -> Links:
    """Permalinks where the commit is on the web and is what was read, else relative links."""
    address = web_address(commit.url)
    if address and commit.hash.isalnum() and not commit.dirty:
        return Links(f"{address}/blob/{commit.hash}/")
    return Links(beside or "./")
