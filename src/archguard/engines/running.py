"""All engines side by side: each gets copies of the files that it reads and that it has not seen yet.

They run while archguard reads the code itself. The copies lie in a folder of their own, so no
configuration of the target, no ``.gitignore`` and no link is near them, and any snapshot can be looked
at: the worktree, the index or a commit.
"""

from __future__ import annotations

import os
import posixpath
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from archguard.config.globs import Globs
from archguard.discover.roles import Roles, kind_of
from archguard.discover.snapshots import Snapshot
from archguard.engines.adapter import Adapter, BadAnswer, Collected, Hit, Program, adapter
from archguard.engines.catalogue import EngineRule
from archguard.engines.columns import placed
from archguard.engines.kept import keep, key_of, place_of, recall
from archguard.engines.processes import Absent, Process, locate
from archguard.model.run import EngineStats, Failure
from archguard.model.sources import FileKind, Role

TIME_LIMIT = 300.0
"""Seconds that an engine may take."""

SIZE_LIMIT = 1_000_000
"""Bytes above which a file is not given to an engine: a dump, or generated."""

SHARD = 300_000
"""Bytes of source from which a further process of the same engine pays."""


class Wanted(msgspec.Struct, frozen=True):
    """What is to run on what.

    ``names`` says of each engine whether it was asked for by name, so that its absence is an error.
    ``cache`` is the folder to keep answers in (None: keep none).
    """

    names: Mapping[str, bool]
    sources: Snapshot
    top: Path
    target: str = ""
    exclude: tuple[str, ...] = ()
    cache: Path | None = None
    jobs: int | None = None


class _File(msgspec.Struct, frozen=True):
    """A file that an engine may want; ``digest`` is empty where nobody has read it yet."""

    path: str
    kind: FileKind
    role: Role
    digest: str


class Running:
    """The engines that were started; `finish` waits for them."""

    def __init__(self, engines: Sequence[_Engine], failures: Sequence[Failure]) -> None:
        self._engines = engines
        self._failures = list(failures)

    def finish(self) -> Collected:
        """What they all found. One that fails loses its own findings and no other's."""
        hits: list[tuple[str, Hit]] = []
        rules: dict[str, Mapping[str, EngineRule]] = {}
        stats = []
        for engine in self._engines:
            try:
                found = engine.finish()
            except BadAnswer as problem:
                self._failures.append(Failure("engine", engine.name, str(problem), engine.named))
                continue
            except Exception as error:
                self._failures.append(_broken(engine.name, error))
                continue
            hits += [(engine.name, hit) for hit in found]
            rules[engine.name] = engine.rules
            stats.append(engine.stats(len(found)))
            self._failures += engine.notes()
        return Collected(tuple(hits), rules, tuple(stats), tuple(self._failures))


@contextmanager
def running(wanted: Wanted) -> Iterator[Running]:
    """Starts the engines; at the end none is left, and nothing that was written for them."""
    if not wanted.names:
        yield Running((), ())
        return
    with tempfile.TemporaryDirectory(prefix="archguard-", ignore_cleanup_errors=True) as folder:
        room = Path(folder).resolve()
        files = tuple(_files(wanted))
        engines: list[_Engine] = []
        failures = []
        try:
            for name, named in wanted.names.items():
                try:
                    engines.append(_Engine(adapter(name), named, wanted, files, room))
                except (Absent, BadAnswer) as problem:
                    failures.append(Failure("engine", name, str(problem), named))
                except Exception as error:
                    failures.append(_broken(name, error))
            yield Running(engines, failures)
        finally:
            for engine in engines:
                engine.stop()


def _broken(name: str, error: Exception) -> Failure:
    """An error of ours, or of the machine: its text may quote what was read."""
    return Failure("engine", name, f"asking it failed: {type(error).__name__}", fatal=True)


def versions(names: Iterable[str], top: Path) -> tuple[tuple[str, str, float], ...]:
    """What an outcome depends on of the engines: which are there, and of which making."""
    return tuple(_identity(name, top) for name in names)


def _identity(name: str, top: Path) -> tuple[str, str, float]:
    engine = adapter(name)
    try:
        program = locate(engine, top)
    except Absent:
        return name, "", 0.0
    rules = str(sorted((code, rule.info.topic) for code, rule in engine.rules().items()))
    return name, f"{program.path} {program.version} {rules}", os.stat(program.path).st_mtime


# --- one engine -------------------------------------------------------------------------------------


class _Engine:
    """One engine on the files that it wants: what is known of them, and processes for the others."""

    def __init__(self, own: Adapter, named: bool, wanted: Wanted, files: Sequence[_File], room: Path) -> None:
        self._own, self.named, self.name = own, named, own.name
        self._sources = wanted.sources
        self.rules = own.rules()
        program = locate(own, wanted.top)
        self._version = program.version
        self._files = _readable([f for f in files if own.wants(f.path, f.kind, f.role)], wanted.sources)
        self._kept = _kept_at(wanted.cache, own, program)
        self._known = recall(self._kept)
        missing = [f for f in self._files if key_of(f.path, f.digest) not in self._known]
        self._cached = len(self._files) - len(missing)
        self._unread: list[str] = []
        self._running: list[tuple[Path, Process]] = []
        try:
            self._start(program, missing, wanted.jobs, room)
        except Absent:
            self.stop()
            raise

    def _start(self, program: Program, missing: Sequence[_File], jobs: int | None, room: Path) -> None:
        contents = dict(_contents(missing, self._sources, self._own.holds))
        shards = _shards(contents, _processes(contents, jobs) if self._own.shards else 1)
        for number, paths in enumerate(shards):
            folder = room / f"{self.name}-{number}"
            home = room / f"{self.name}-{number}-home"
            home.mkdir()
            folder.mkdir()
            for name, content in self._own.beside:
                (folder / name).write_bytes(content)
            for path in paths:
                copy = folder / path
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(contents[path])
            words = [program.path, *self._own.command()]
            self._running.append((folder, Process(words, folder, home)))

    def finish(self) -> list[Hit]:
        """The hits of all its files, in the order of places."""
        fresh: list[Hit] = []
        for folder, process in self._running:
            answer = self._own.read(process.finish(self._own.statuses, TIME_LIMIT))
            fresh += [msgspec.structs.replace(hit, path=_inside(hit.path, folder)) for hit in answer.hits]
            self._unread += [_inside(path, folder) for path in answer.unread]
        by_path: dict[str, list[Hit]] = {}
        for hit in fresh:
            by_path.setdefault(hit.path, []).append(hit)
        now = {}
        for file in self._files:
            key = key_of(file.path, file.digest)
            now[key] = self._known[key] if key in self._known else self._placed(by_path, file.path)
        unread = {key_of(f.path, f.digest) for f in self._files if f.path in self._unread}
        keep(self._kept, self._known, {key: hits for key, hits in now.items() if key not in unread})
        return sorted((hit for hits in now.values() for hit in hits), key=_order)

    def _placed(self, by_path: Mapping[str, list[Hit]], path: str) -> tuple[Hit, ...]:
        hits = by_path.get(path, [])
        return placed(hits, self._sources.read(path), self._own.columns) if hits else ()

    def stats(self, found: int) -> EngineStats:
        """How it went; the time is that of its slowest process."""
        seconds = max((process.seconds for _, process in self._running), default=0.0)
        return EngineStats(
            self.name, self._version, len(self._files), self._cached, found, seconds=round(seconds, 2)
        )

    def notes(self) -> list[Failure]:
        """That some files were not read, though the engine ran."""
        if not self._unread:
            return []
        count = len(self._unread)
        said = f"did not read {count} file{'s' if count > 1 else ''}, {min(self._unread)} among them"
        return [Failure("engine", self.name, said, fatal=False)]

    def stop(self) -> None:
        """Ends what still runs."""
        for _, process in self._running:
            process.stop()


def _order(hit: Hit) -> tuple[str, int, int, str, str]:
    return hit.path, hit.place.line, hit.place.column, hit.code, hit.label


def _inside(path: str, folder: Path) -> str:
    """A path of an engine's answer as one of the snapshot."""
    path = path.removeprefix("file://").removeprefix(f"{folder}/")
    return posixpath.normpath(path)


# --- files ------------------------------------------------------------------------------------------


def _files(wanted: Wanted) -> Iterator[_File]:
    """Every file below the target that the configuration does not exclude."""
    known = {file.path: file for file in wanted.sources.files}
    excluded = Globs(wanted.exclude)
    roles = Roles(wanted.sources.paths, wanted.target)
    for path in wanted.sources.paths:
        file = known.get(path)
        if file is not None:
            if file.size <= SIZE_LIMIT:
                yield _File(path, file.kind, file.role, file.digest)
        elif kind_of(path) == "other" and not excluded.match(path):
            yield _File(path, "other", roles.of(path), "")


def _readable(files: Iterable[_File], sources: Snapshot) -> list[_File]:
    """The files with the digest of their content; one that cannot be read is said elsewhere."""
    from archguard.discover.git import blob_id  # noqa: PLC0415 - only where other kinds are wanted

    found = []
    for file in files:
        if file.digest:
            found.append(file)
            continue
        try:
            content = sources.read(file.path)
        except OSError:
            continue
        if len(content) <= SIZE_LIMIT:
            found.append(msgspec.structs.replace(file, digest=blob_id(content)))
    return found


def _contents(
    files: Iterable[_File], sources: Snapshot, holds: re.Pattern[bytes] | None
) -> Iterator[tuple[str, bytes]]:
    """What is to be looked at; a file that cannot be read is said where it is read for facts."""
    for file in files:
        try:
            content = sources.read(file.path)
        except OSError:
            continue
        if holds is None or holds.search(content):
            yield file.path, content


def _kept_at(cache: Path | None, own: Adapter, program: Program) -> Path | None:
    if cache is None:
        return None
    return place_of(cache, own.name, (program.version, own.command(), sorted(own.rules())))


def _processes(contents: Mapping[str, bytes], jobs: int | None) -> int:
    size = sum(map(len, contents.values()))
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(available if jobs is None else jobs, size // SHARD))


def _shards(contents: Mapping[str, bytes], count: int) -> list[list[str]]:
    """The paths dealt out so that each process gets about as many bytes."""
    shards: list[list[str]] = [[] for _ in range(count)]
    loads = [0] * count
    for path in sorted(contents, key=lambda path: (-len(contents[path]), path)):
        least = loads.index(min(loads))
        shards[least].append(path)
        loads[least] += len(contents[path])
    return [shard for shard in shards if shard]
