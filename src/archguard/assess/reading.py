"""Reads files back into a run: SARIF of any tool, and archguard's own sidecars.

A file that cannot be read is a failure with its name; the others count all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from archguard.assess import stored_run
from archguard.assess.reading_foreign import read_foreign
from archguard.assess.reading_join import join
from archguard.assess.reading_json import at, text
from archguard.assess.reading_own import is_own, read_own
from archguard.assess.safe_text import json_is_safe, safe_line, safe_value
from archguard.model.run import Commit, Failure, Run

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def read_runs(files: Sequence[tuple[str, bytes]], root: str = "") -> Run:
    """All files as one run; ``root`` is the checkout's absolute path, for tools that write absolute paths.

    Sidecars are believed before SARIF, archguard's own SARIF before that of other tools, whatever the
    order of the files; among equals the order of names decides. The same content counts once.
    """
    unique = {content: name for name, content in sorted(files, reverse=True)}
    values = [(name, _decoded(name, content)) for content, name in reversed(unique.items())]
    ranked = [
        (0 if value.tool_version else 3, name, value) for name, value in values if isinstance(value, Run)
    ]
    known = _known_files(run for _, _, run in ranked)
    for name, value in values:
        if not isinstance(value, Run):
            ranked += [(rank, name, run) for rank, run in _read_sarif(value, name, root, known)]
    ranked.sort(key=lambda item: item[:2])
    return join([run for _, _, run in ranked])


def _decoded(name: str, content: bytes) -> object:
    """A sidecar's run, a run that says why a file was not read, or the JSON of any other file."""
    try:
        value = msgspec.json.decode(content.removeprefix(_BYTE_ORDER_MARK))
        value = value if json_is_safe(content) else safe_value(value)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return _failed(name, f"not JSON: {error}")
    if not stored_run.is_stored_run(value):
        return value
    try:
        return stored_run.from_value(value)
    except stored_run.StoredRunError as error:
        return _failed(name, str(error))


def _known_files(runs: Iterable[Run]) -> frozenset[str]:
    """Paths that exist in the repository, as far as sidecars tell."""
    return frozenset(row.file for run in runs for row in (*run.inventory.modules, *run.inventory.tables))


def _read_sarif(value: object, name: str, root: str, known: frozenset[str]) -> list[tuple[int, Run]]:
    runs = at(value, "runs")
    if not isinstance(runs, list):
        return [(3, _failed(name, "neither SARIF (no list of runs) nor a sidecar of archguard"))]
    version = text(value, "version")
    if not version.startswith("2."):
        return [(3, _failed(name, f"SARIF version {version or 'unknown'}; this reads 2.1.0"))]
    read: list[tuple[int, Run]] = []
    for number, run in enumerate(runs, start=1):
        tool = safe_line(text(run, "tool", "driver", "name")) or "a nameless tool"
        if not isinstance(at(run, "results"), list):
            read.append((3, _failed(name, f"run {number} ({tool}) has no list of results")))
        elif is_own(run):
            read.append((1, read_own(run, name, root)))
        else:
            read.append((2, read_foreign(run, name, root, known)))
    return read


def _failed(name: str, reason: str) -> Run:
    """A run that says only that a file was not read. It is fatal: the file was named by its user."""
    failure = Failure("file", safe_line(name), safe_line(reason), True)
    return Run("", "", Commit(), (), (), failures=(failure,))
