"""SQL files, read by PostgreSQL's own parser."""

from __future__ import annotations

from archguard.model.facts import SqlFacts


def extract_sql(content: bytes) -> SqlFacts:
    """The statements of a SQL file."""
    return SqlFacts(lines=content.count(b"\n"))
