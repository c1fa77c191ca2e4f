"""All files of a snapshot to facts: from the cache, in this process, or in several."""

from __future__ import annotations

import gc
import os
import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from archguard.extract.cache import PACK, Cache, Key, pack, unpack
from archguard.extract.files import extract_file
from archguard.model.facts import FileFacts, Problem, PythonFacts, SqlFacts, TextFacts
from archguard.model.place import WHOLE_FILE
from archguard.model.sources import FileKind, SourceFile, Sources

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

FORKS = sys.platform == "linux"
"""Elsewhere processes start afresh, which costs what a few thousand lines of extraction do."""

PARALLEL_FROM = 600_000 if FORKS else 1_500_000
"""Bytes of source from which several processes are faster than one."""

CHUNK = PACK
"""Bytes of source that a process takes at a time."""


class Extraction(msgspec.Struct, frozen=True):
    """The facts by path, and how many of them were known from an earlier run."""

    facts: dict[str, FileFacts]
    cached: int


class _Work(msgspec.Struct, frozen=True):
    key: Key
    content: bytes


def extract_all(sources: Sources, cache: Path | None, jobs: int | None) -> Extraction:
    """The facts of every file of a snapshot that is read.

    ``cache`` is the folder to keep facts in (None: keep none), ``jobs`` how many processes may be used
    (None: one for each processor). The result depends on neither. A file that cannot be read has facts
    that say so. The garbage collector is best off: facts have no cycles, and looking for some while
    millions of them are made is a third of the time.
    """
    files = [f for f in sources.files if f.kind != "other"]
    store = Cache(cache)
    known = _known(files, store)
    cached = sum((f.kind, f.digest) in known for f in files)
    missing, unreadable = _read(sources, files, known)
    known.update(_extract(missing, store if cache is not None else None, _workers(missing, jobs)))
    store.save()
    facts = {f.path: unreadable.get(f.path) or known[f.kind, f.digest] for f in files}
    return Extraction(facts, cached)


def _known(files: Sequence[SourceFile], store: Cache) -> dict[Key, FileFacts]:
    keys = dict.fromkeys((f.kind, f.digest) for f in files)
    return {key: facts for key in keys if (facts := store.get(key)) is not None}


def _read(
    sources: Sources, files: Sequence[SourceFile], known: dict[Key, FileFacts]
) -> tuple[list[_Work], dict[str, FileFacts]]:
    """The contents still to be extracted, each once, and the files that cannot be read."""
    work: dict[Key, _Work] = {}
    unreadable: dict[str, FileFacts] = {}
    for file in files:
        key = (file.kind, file.digest)
        if key in known or key in work:
            continue
        try:
            work[key] = _Work(key, sources.read(file.path))
        except OSError:
            unreadable[file.path] = _failed(file.kind, "the file cannot be read")
    return list(work.values()), unreadable


def _failed(kind: FileKind, message: str) -> FileFacts:
    problem = Problem("unreadable", message, WHOLE_FILE)
    if kind == "python":
        return PythonFacts(problem=problem)
    return SqlFacts(problem=problem) if kind == "sql" else TextFacts(problem=problem)


def _workers(work: Sequence[_Work], jobs: int | None) -> int:
    size = sum(len(w.content) for w in work)
    if size < PARALLEL_FROM:
        return 1
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(available if jobs is None else jobs, size // CHUNK))


def _extract(work: Sequence[_Work], store: Cache | None, workers: int) -> dict[Key, FileFacts]:
    if workers > 1:
        return _in_processes(work, store, workers)
    facts: dict[Key, FileFacts] = {}
    for chunk in _chunks(work):
        found = {item.key: _one(item) for item in chunk}
        facts.update(found)
        _keep(store, found)
    return {item.key: facts[item.key] for item in work}


def _one(item: _Work) -> FileFacts:
    """The facts of one content; a defect of the extractor costs this file and no other."""
    try:
        return extract_file(item.key[0], item.content)
    except Exception as error:
        return _failed(item.key[0], f"extraction failed ({type(error).__name__})")


def _keep(store: Cache | None, found: Mapping[Key, FileFacts], blob: bytes | None = None) -> None:
    """Keeps some facts together; ``blob`` are all of them, packed already. No failure is kept."""
    good = {key: facts for key, facts in found.items() if not _is_failure(facts)}
    if store is not None and good:
        known = blob if blob is not None and len(good) == len(found) else pack(list(good.values()))
        store.put(list(good), known)


def _is_failure(facts: FileFacts) -> bool:
    return facts.problem is not None and facts.problem.kind == "unreadable"


# --- processes ---------------------------------------------------------------------------------------


def _chunks(work: Sequence[_Work]) -> list[list[_Work]]:
    """The work in pieces of about equal size; the largest contents are begun first."""
    chunks: list[list[_Work]] = []
    room = 0
    for item in sorted(work, key=lambda w: (-len(w.content), w.key)):
        if room < len(item.content) or not chunks:
            chunks.append([])
            room = CHUNK
        chunks[-1].append(item)
        room -= len(item.content)
    return chunks


def _packed(chunk: list[_Work]) -> bytes:
    """What a worker does."""
    gc.disable()
    return pack([_one(item) for item in chunk])


def _in_processes(work: Sequence[_Work], store: Cache | None, workers: int) -> dict[Key, FileFacts]:
    extract_file("python", b"")  # forked processes then have the modules already
    facts: dict[Key, FileFacts] = {}
    for chunk, blob in _mapped(_chunks(work), workers):
        found = unpack(blob)
        if len(found) != len(chunk):
            found = [_failed(item.key[0], "extraction ended the process") for item in chunk]
        known = {item.key: each for item, each in zip(chunk, found, strict=True)}
        facts.update(known)
        _keep(store, known, blob)
    return {item.key: facts[item.key] for item in work}


def _mapped(chunks: list[list[_Work]], workers: int) -> Iterator[tuple[list[_Work], bytes]]:
    """Each chunk with its packed facts, in order; one by one, or nothing, where a process died of a file."""
    from concurrent.futures.process import BrokenProcessPool

    pool = _pool(workers)
    try:
        with _without_warnings():
            futures = [pool.submit(_packed, chunk) for chunk in chunks]
        for chunk, future in zip(chunks, futures, strict=True):
            try:
                yield chunk, future.result()
            except BrokenProcessPool:
                for item in chunk:
                    yield [item], _alone(item)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _alone(item: _Work) -> bytes:
    """One content in a process of its own, after the process that had it died."""
    from concurrent.futures.process import BrokenProcessPool

    with _pool(1) as pool, _without_warnings():
        try:
            return pool.submit(_packed, [item]).result()
        except BrokenProcessPool:
            return b""


@contextmanager
def _without_warnings() -> Iterator[None]:
    """Python warns of forking beside threads; ours run nothing but the pool's own queue."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        yield


def _pool(workers: int) -> ProcessPoolExecutor:
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    return ProcessPoolExecutor(workers, multiprocessing.get_context("fork" if FORKS else "spawn"))
