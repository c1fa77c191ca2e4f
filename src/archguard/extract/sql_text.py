"""Whether a string in a program is SQL."""

from __future__ import annotations

import re

_START = re.compile(
    r"(?:\s|--[^\n]*(?:\n|$)|/\*.*?\*/)*"
    r"(?:SELECT|INSERT|UPDATE|DELETE|WITH|CREATE|ALTER|DROP|TRUNCATE|MERGE|COPY|GRANT|REVOKE|VACUUM|ANALYZE"
    r"|EXPLAIN|BEGIN|COMMIT|SET|DO|CALL|REFRESH|COMMENT|LOCK|REINDEX|CLUSTER|VALUES|DECLARE|REPLACE)\b"
    r"(?=\s|\(|\*|$)",
    re.IGNORECASE | re.DOTALL,
)


def looks_like_sql(value: str) -> bool:
    """Whether a text starts as a statement does; comments may come before it."""
    return _START.match(value) is not None
