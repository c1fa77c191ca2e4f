"""Errors in one line: which of them are the caller's, and how they are told.

Imported only when something went wrong, so it may import every room that raises.
"""

from __future__ import annotations

from archguard.config.settings import ConfigError
from archguard.discover.process import GitError
from archguard.pipeline import PipelineError
from archguard.rules.catalogue import UnknownRule

WRONG_CALLS = (PipelineError, ConfigError, GitError, UnknownRule, OSError)


def is_wrong_call(error: Exception) -> bool:
    """Whether the call or the configuration is to blame, not archguard."""
    return isinstance(error, WRONG_CALLS)


def one_line(error: Exception) -> str:
    """The error's message without line breaks; an operating system's error names its file."""
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename}: {(error.strerror or 'cannot be read or written').lower()}"
    return " ".join(str(error).split())
