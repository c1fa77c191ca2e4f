"""What archguard knows of other tools' rules: the area they belong to, and which ones print secrets."""

from __future__ import annotations

import re

_AREAS: tuple[tuple[str, str, str], ...] = (
    # tool, beginning of the rule's id, area; the first that fits counts
    ("ruff", "ASYNC", "concurrency"),
    ("ruff", "RUF006", "concurrency"),
    ("ruff", "PLW0603", "concurrency"),
    ("ruff", "B006", "concurrency"),
    ("ruff", "S113", "resilience"),
    ("ruff", "S11", "resilience"),
    ("ruff", "BLE", "resilience"),
    ("ruff", "TRY4", "observability"),
    ("ruff", "TRY", "resilience"),
    ("ruff", "E722", "resilience"),
    ("ruff", "S608", "database"),
    ("ruff", "S10", "configuration"),
    ("ruff", "S50", "configuration"),
    ("ruff", "S201", "configuration"),
    ("ruff", "G", "observability"),
    ("ruff", "LOG", "observability"),
    ("ruff", "T20", "observability"),
    ("ruff", "FAST", "api"),
    ("ruff", "TID", "structure"),
    ("bandit", "B10", "configuration"),
    ("bandit", "B11", "resilience"),
    ("bandit", "B201", "configuration"),
    ("bandit", "B50", "configuration"),
    ("bandit", "B608", "database"),
    ("flake8-async", "", "concurrency"),
    ("squawk", "", "database"),
    ("sqlfluff", "", "database"),
    ("gitleaks", "", "configuration"),
    ("detect-secrets", "", "configuration"),
    ("trufflehog", "", "configuration"),
    ("hadolint", "", "configuration"),
    ("checkov", "", "configuration"),
    ("trivy", "", "configuration"),
    ("spectral", "", "api"),
    ("vacuum", "", "api"),
    ("import-linter", "", "structure"),
    ("tach", "", "structure"),
)

_WORDS: tuple[tuple[str, str], ...] = (
    ("timeout|retry|exception", "resilience"),
    ("sqlalchemy|sql", "database"),
    ("secret|password|credential|hardcoded|hard-coded|debug|cors|verify|tls|ssl", "configuration"),
    ("async|thread|race|lock|sleep", "concurrency"),
    ("logging|logger", "observability"),
    ("fastapi|route|openapi|jwt|csrf", "api"),
)
"""For tools whose ids are words, such as semgrep."""

_SECRET_IDS = {"ruff": ("S105", "S106", "S107"), "bandit": ("B105", "B106", "B107")}
_SECRET_TOOLS = frozenset({"gitleaks", "detect-secrets", "trufflehog"})
_SECRET_WORDS = re.compile(
    r"secret|password|passwd|credential|api[-_ ]?key|private[-_ ]?key|token|hard-?coded", re.I
)


def tool_name(driver: str) -> str:
    """The short name of a tool: ``Semgrep OSS`` is ``semgrep``."""
    return driver.lower().split(" ", maxsplit=1)[0] or "unnamed"


def area_of(tool: str, rule: str) -> str:
    """The area of a rule, ``debt`` where nothing is known of it."""
    for name, beginning, area in _AREAS:
        if tool == name and rule.startswith(beginning):
            return area
    if not any(name == tool for name, _, _ in _AREAS):
        for words, area in _WORDS:
            if re.search(words, rule, re.I):
                return area
    return "debt"


def prints_secrets(tool: str, rule: str) -> bool:
    """Whether the rule's messages and snippets can hold a secret's value."""
    if tool in _SECRET_TOOLS or rule in _SECRET_IDS.get(tool, ()):
        return True
    return tool not in _SECRET_IDS and bool(_SECRET_WORDS.search(rule))
