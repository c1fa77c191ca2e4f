"""The door of this room: one file's bytes in, its facts out."""

from __future__ import annotations

from archguard.model.facts import FileFacts
from archguard.model.sources import FileKind


def extract_file(kind: FileKind, content: bytes) -> FileFacts:
    """The facts of one file: pure, the same bytes always give the same facts.

    What cannot be read is said in ``problem``; nothing is raised for it. Every kind but
    ``other`` has facts.
    """
    if kind == "python":
        from archguard.extract.python import extract_python

        return extract_python(content)
    if kind == "sql":
        from archguard.extract.sql import extract_sql

        return extract_sql(content)
    if kind == "env":
        from archguard.extract.dotenv import extract_env

        return extract_env(content)
    if kind in {"config", "script"}:
        from archguard.extract.key_values import extract_config, extract_script

        return extract_config(content) if kind == "config" else extract_script(content)
    raise ValueError(f"there are no facts for files of kind {kind}")
