"""The door of this room: one file's bytes in, its facts out."""

from __future__ import annotations

from archguard.model.facts import FileFacts
from archguard.model.sources import FileKind


def extract_file(kind: FileKind, content: bytes) -> FileFacts:
    """The facts of one file: pure, the same bytes always give the same facts.

    What cannot be read is said in ``problem``; nothing is raised for it. Only kinds that have facts
    (``python``, ``sql``) may be asked for.
    """
    if kind == "python":
        from archguard.extract.python import extract_python

        return extract_python(content)
    if kind == "sql":
        from archguard.extract.sql import extract_sql

        return extract_sql(content)
    raise ValueError(f"there are no facts for files of kind {kind}")
