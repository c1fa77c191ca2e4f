"""The composition root: the stages as a list of calls."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import msgspec
from msgspec.structs import replace

from archguard import __version__
from archguard.config.policy import make_policy
from archguard.config.settings import Settings, load_settings
from archguard.derive.program import build
from archguard.discover.git import commit_at, commit_of, renames, top_of
from archguard.discover.services import find_services
from archguard.discover.snapshots import Snapshot, open_commit, open_index, open_worktree, reader_of
from archguard.extract.workers import Extraction, extract_all
from archguard.inventory.take import take
from archguard.model.facts import PythonFacts
from archguard.model.finding import Control, Finding
from archguard.model.inventory import Inventory
from archguard.model.place import Span
from archguard.model.policy import Policy
from archguard.model.program import Program
from archguard.model.rule import RuleInfo
from archguard.model.run import Commit, Failure, Run, Stats, Triaged
from archguard.rules.catalogue import load, rules
from archguard.triage.compare import compare
from archguard.triage.settle import Settled, settle

CACHE = ".archguard_cache"


class PipelineError(Exception):
    """The call is wrong; the message is one line."""


class Request(msgspec.Struct, frozen=True):
    """What to analyse and how; the command line's options.

    ``files`` narrows what is reported, not what is linked. ``snapshot`` is ``worktree``, ``index`` or a
    commit; ``since`` a commit to compare with. ``inventory``: whether to take stock for the report.
    """

    target: Path
    files: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    surface: Literal["alert", "report"] = "report"
    since: str | None = None
    snapshot: str = "worktree"
    config: str | None = None
    jobs: int | None = None
    cache_dir: Path | None = None
    use_cache: bool = True
    engines: tuple[str, ...] = ("native",)
    inventory: bool = True


class _Place(msgspec.Struct, frozen=True):
    """Where paths start, and the part of it that is analysed."""

    top: Path
    target: str
    tracked: bool


class _Job(msgspec.Struct, frozen=True):
    """What is the same for every snapshot of one request; ``today`` is the assessed commit's date."""

    place: _Place
    policy: Policy
    rules: tuple[RuleInfo, ...]
    request: Request
    today: str


class _Side(msgspec.Struct, frozen=True):
    """One snapshot, analysed."""

    sources: Snapshot
    extraction: Extraction
    program: Program
    settled: Settled
    controls: tuple[Control, ...]
    failures: tuple[Failure, ...]


def analyse(request: Request) -> Run:
    """Everything from a path to a run; raises PipelineError, ConfigError or GitError for a wrong call."""
    with _without_collector():
        return _analyse(request)


def _analyse(request: Request) -> Run:
    place = _place_of(request.target)
    sources, settings = _open(place, request)
    commit = _commit(place, request)
    job = _Job(place, _policy(settings, request), _chosen(request), request, commit.date[:10])
    side = _side(job, sources)
    findings, fixed = side.settled.findings, 0
    if request.since is not None:
        findings, fixed = _compared(job, side, settings, request.since)
    return Run(
        target=place.target or place.top.name,
        prefix=place.target,
        tool_version=__version__,
        commit=commit,
        rules=job.rules,
        findings=_reported(findings, place, request),
        suppressed=side.settled.suppressed,
        unused_suppressions=side.settled.unused,
        controls=side.controls,
        inventory=take(side.program) if request.inventory else Inventory(),
        failures=(*side.failures, *side.settled.notes),
        stats=_stats(side),
        since=request.since or "",
        fixed=fixed,
        fail_on=job.policy.fail_on,
    )


def _compared(job: _Job, side: _Side, settings: Settings, since: str) -> tuple[tuple[Triaged, ...], int]:
    """What is new against a commit, and how many findings it had that are gone."""
    place = job.place
    if not place.tracked:
        raise PipelineError(f"--since needs a git repository: {job.request.target}")
    other = _side(job, open_commit(place.top, since, place.target, settings))
    compared = compare(side.settled, other.settled, _renames(place, job.request), side.sources)
    return tuple(item for item in compared.findings if item.novelty == "new"), len(compared.fixed)


# --- what is asked for ------------------------------------------------------------------------------


def _place_of(target: Path) -> _Place:
    path = target.resolve()
    if not path.exists():
        raise PipelineError(f"no such path: {target}")
    top = top_of(path)
    if top is not None:
        relative = path.relative_to(top.resolve()).as_posix()
        inside = "" if relative == "." else relative
        return _Place(top, inside, tracked=True)
    return _Place(path if path.is_dir() else path.parent, "" if path.is_dir() else path.name, tracked=False)


def _open(place: _Place, request: Request) -> tuple[Snapshot, Settings]:
    """The snapshot with its own configuration."""
    if request.snapshot != "worktree" and not place.tracked:
        raise PipelineError(f"a git repository is needed to read the {request.snapshot}: {request.target}")

    def opened(settings: Settings) -> Snapshot:
        if request.snapshot == "worktree":
            return open_worktree(place.top, place.target, settings, _named(place, request))
        if request.snapshot == "index":
            return open_index(place.top, place.target, settings)
        return open_commit(place.top, request.snapshot, place.target, settings)

    settings = load_settings(reader_of(place.top, request.snapshot), request.config, place.target)
    return opened(settings), settings


def _named(place: _Place, request: Request) -> tuple[str, ...]:
    """The files named on the command line, as paths of the snapshot."""
    found = []
    for name in request.files:
        path = Path(name).resolve()
        if not path.is_relative_to(place.top.resolve()):
            raise PipelineError(f"not inside {place.top}: {name}")
        found.append(path.relative_to(place.top.resolve()).as_posix())
    return tuple(found)


def _policy(settings: Settings, request: Request) -> Policy:
    policy = make_policy(settings)
    return replace(policy, select=request.select or policy.select, ignore=(*policy.ignore, *request.ignore))


def _chosen(request: Request) -> tuple[RuleInfo, ...]:
    """The rules of the surface; which of their findings are wanted is triage's business."""
    if "native" not in request.engines:
        return ()
    return tuple(info for info in rules() if request.surface == "report" or info.meta.surface == "alert")


def _commit(place: _Place, request: Request) -> Commit:
    if not place.tracked:
        return Commit()
    if request.snapshot in {"worktree", "index"}:
        return commit_of(place.top)
    return commit_at(place.top, request.snapshot)


def _renames(place: _Place, request: Request) -> dict[str, str]:
    return renames(
        place.top, request.since or "HEAD", "" if request.snapshot == "worktree" else request.snapshot
    )


# --- one snapshot -----------------------------------------------------------------------------------


def _side(job: _Job, sources: Snapshot) -> _Side:
    request = job.request
    cache = (request.cache_dir or job.place.top / CACHE) if request.use_cache else None
    extraction = extract_all(sources, cache, request.jobs)
    program = build(extraction.facts, sources.files, find_services(sources), job.policy, sources.paths)
    findings, controls, broken = _apply(program, job.rules)
    failed = {failure.subject for failure in broken}
    settled = settle(
        _surfaced(findings, job),
        extraction.facts,
        sources,
        job.policy,
        program.services,
        job.today,
        rules=rules(),
        ran=[info.id for info in job.rules if info.id not in failed],
    )
    unread = tuple(_unread(extraction, _named(job.place, request)))
    return _Side(sources, extraction, program, settled, controls, (*sources.notes, *unread, *broken))


def _apply(
    program: Program, chosen: tuple[RuleInfo, ...]
) -> tuple[list[Finding], tuple[Control, ...], tuple[Failure, ...]]:
    """Every rule on its own: one that breaks loses its findings, says so, and no other's."""
    findings: list[Finding] = []
    controls: list[Control] = []
    failures: list[Failure] = []
    for info in chosen:
        try:
            found = list(load(info)(program))
        except Exception as error:
            reason = f"the rule failed: {type(error).__name__}"
            failures.append(Failure("rule", info.id, reason, fatal=True))
            continue
        findings += [item for item in found if isinstance(item, Finding)]
        controls += [item for item in found if isinstance(item, Control)]
    return findings, tuple(controls), tuple(failures)


def _surfaced(findings: list[Finding], job: _Job) -> Iterator[Finding]:
    surfaces = {info.id: info.meta.surface for info in job.rules}
    for finding in findings:
        if job.request.surface == "report" or (finding.surface or surfaces[finding.rule]) == "alert":
            yield finding


def _unread(extraction: Extraction, named: tuple[str, ...]) -> Iterator[Failure]:
    for path, facts in sorted(extraction.facts.items()):
        problem = facts.problem
        if problem is not None:
            span = Span(path, problem.place)
            yield Failure("file", path, problem.message, fatal=path in named, span=span)


def _reported(findings: tuple[Triaged, ...], place: _Place, request: Request) -> tuple[Triaged, ...]:
    """With files named: what stands in them, or passes through them."""
    named = set(_named(place, request))
    if not named:
        return findings
    folders = tuple(f"{path}/" for path in named)
    return tuple(item for item in findings if any(_within(p, named, folders) for p in _paths(item)))


def _within(path: str, named: set[str], folders: tuple[str, ...]) -> bool:
    return path in named or "." in named or path.startswith(folders)


def _paths(item: Triaged) -> Iterator[str]:
    finding = item.finding
    yield finding.span.path
    for member in finding.members:
        yield member.span.path
        yield from (hop.span.path for hop in member.chain)


def _stats(side: _Side) -> Stats:
    facts = side.extraction.facts.values()
    gaps = side.program.gaps
    calls = gaps.get("calls", 0)
    unresolved = sum(count for name, count in gaps.items() if name.startswith("unresolved:"))
    return Stats(
        files=len(side.extraction.facts),
        lines=sum(each.lines for each in facts),
        cached=side.extraction.cached,
        functions=sum(
            scope.kind == "function"
            for each in facts
            if isinstance(each, PythonFacts)
            for scope in each.scopes
        ),
        calls=calls,
        resolved=calls - unresolved,
        gaps={name: count for name, count in sorted(gaps.items()) if ":" in name},
    )


@contextmanager
def _without_collector() -> Iterator[None]:
    """Facts are many small objects without cycles: looking for cycles doubles the time of reading them."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
