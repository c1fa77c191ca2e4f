"""Secrets in SQL: ``PASSWORD '…'`` of roles and users, and what formats give away."""

from __future__ import annotations

import re

from archguard.extract.secret_scan import secrets_in
from archguard.model.facts import Secret

_STATED = re.compile(
    r"\b(?P<name>PASSWORD|SECRET)\s*(?:=\s*)?\(?\s*E?'(?P<value>(?:[^'\n]|'')+)'", re.IGNORECASE
)


def secrets_of_sql(text: str) -> tuple[Secret, ...]:
    """The secrets of SQL statements, in order."""
    return secrets_in(text, (_STATED,))
