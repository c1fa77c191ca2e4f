"""The composition root: the stages as a list of calls."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec
from msgspec.structs import replace

from archguard import __version__
from archguard.config.engines import asked
from archguard.config.policy import make_policy
from archguard.config.settings import Settings, load_settings
from archguard.discover.git import commit_at, commit_of, renames, top_of
from archguard.discover.services import find_services
from archguard.discover.snapshots import Snapshot, open_commit, open_index, open_worktree, reader_of
from archguard.model.facts import PythonFacts, TextFacts
from archguard.model.finding import Control, Finding
from archguard.model.inventory import Inventory
from archguard.model.place import Span
from archguard.model.policy import Policy
from archguard.model.program import Program, Service
from archguard.model.rule import RuleInfo
from archguard.model.run import Commit, Failure, Outcome, Run, Stats, Triaged
from archguard.rules.catalogue import load, rules
from archguard.triage.idle_settings import idle_settings
from archguard.triage.kept import ResolvedCalls, digest_of, keep, maker, recall
from archguard.triage.named import in_named, within

if TYPE_CHECKING:
    from archguard.engines.running import Running
    from archguard.extract.workers import Extraction

CACHE = ".archguard_cache"


class PipelineError(Exception):
    """The call is wrong; the message is one line."""


class Request(msgspec.Struct, frozen=True):
    """What to analyse and how; the command line's options.

    ``files`` narrows what is reported, not what is linked. ``snapshot`` is ``worktree``, ``index`` or a
    commit; ``since`` a commit to compare with. ``configured_by`` is the commit whose configuration counts
    where that is not the snapshot's own. ``inventory``: whether to take stock for the report.
    ``engines`` are names, ``all`` for every one that is there; None: what the configuration says.
    """

    target: Path
    files: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    surface: Literal["alert", "report"] = "report"
    since: str | None = None
    snapshot: str = "worktree"
    config: str | None = None
    configured_by: str = ""
    jobs: int | None = None
    cache_dir: Path | None = None
    use_cache: bool = True
    engines: tuple[str, ...] | None = ("native",)
    inventory: bool = True


class _Place(msgspec.Struct, frozen=True):
    """Where paths start, and the part of it that is analysed."""

    top: Path
    target: str
    tracked: bool


class _Job(msgspec.Struct, frozen=True):
    """What is the same for every snapshot of one request; ``today`` is the assessed commit's date.

    ``engines`` says of each other tool whether it was asked for by name.
    """

    place: _Place
    settings: Settings
    policy: Policy
    rules: tuple[RuleInfo, ...]
    request: Request
    today: str
    engines: Mapping[str, bool]


class _Side(msgspec.Struct, frozen=True):
    """One snapshot, analysed."""

    sources: Snapshot
    outcome: Outcome


def analyse(request: Request) -> Run:
    """Everything from a path to a run; raises PipelineError, ConfigError or GitError for a wrong call."""
    with _without_collector():
        return _analyse(request)


def _analyse(request: Request) -> Run:
    place = _place_of(request.target)
    sources, settings = _open(place, request)
    commit = _commit(place, request)
    native, others = asked(request.engines, settings.engines)
    job = _Job(
        place,
        settings,
        _policy(settings, request),
        _chosen(request) if native else (),
        request,
        commit.date[:10],
        others,
    )
    side = _side(job, sources)
    outcome = side.outcome
    findings, fixed = outcome.settled.findings, 0
    if request.since is not None:
        findings, fixed = _compared(job, side, request.since)
    return Run(
        target=place.target or place.top.name,
        prefix=place.target,
        tool_version=__version__,
        commit=commit,
        rules=(*job.rules, *outcome.rules),
        findings=in_named(findings, _named(job)),
        suppressed=outcome.settled.suppressed,
        unused_suppressions=outcome.settled.unused,
        controls=outcome.controls,
        inventory=outcome.inventory,
        failures=(*outcome.failures, *outcome.settled.notes, *idle_settings(settings)),
        stats=outcome.stats,
        since=request.since or "",
        fixed=fixed,
        fail_on=job.policy.fail_on,
        title=settings.report.title,
        engines=tuple((each.name, each.version) for each in outcome.stats.engines),
    )


def _compared(job: _Job, side: _Side, since: str) -> tuple[tuple[Triaged, ...], int]:
    """What is new against a commit, and how many findings it had that are gone."""
    place = job.place
    if not place.tracked:
        raise PipelineError(f"--since needs a git repository: {job.request.target}")
    from archguard.triage.compare import compare  # noqa: PLC0415

    other = _side(job, open_commit(place.top, since, place.target, job.settings))
    compared = compare(
        side.outcome.settled, other.outcome.settled, _renames(place, job.request), side.sources
    )
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
            return open_worktree(place.top, place.target, settings, _named_in(place, request))
        if request.snapshot == "index":
            return open_index(place.top, place.target, settings)
        return open_commit(place.top, request.snapshot, place.target, settings)

    configured = request.configured_by or request.snapshot
    settings = load_settings(reader_of(place.top, configured), request.config, place.target)
    return opened(settings), settings


def _named(job: _Job) -> tuple[str, ...]:
    return _named_in(job.place, job.request)


def _named_in(place: _Place, request: Request) -> tuple[str, ...]:
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
    """A snapshot's outcome: kept from an earlier run of the very same, or made now."""
    services = find_services(sources)
    folder = _cache(job, sources)
    if folder is None:
        return _Side(sources, _outcome(job, sources, services))
    made_by = digest_of((maker(), job.settings, job.place.target))
    digest = digest_of((made_by, *_ingredients(job, sources, services)))
    outcome = recall(folder, digest)
    if outcome is None:
        outcome = _outcome(job, sources, services, ResolvedCalls(folder, made_by))
        keep(folder, digest, outcome)
    return _Side(sources, outcome)


def _cache(job: _Job, sources: Snapshot) -> Path | None:
    """The folder to keep things in; never one that came with the repository, which may be forged."""
    if not job.request.use_cache:
        return None
    if job.request.cache_dir is not None:
        return job.request.cache_dir
    committed = any(path.startswith(f"{CACHE}/") for path in sources.paths)
    return None if committed else job.place.top / CACHE


def _ingredients(job: _Job, sources: Snapshot, services: tuple[Service, ...]) -> Iterator[object]:
    """Everything that an outcome depends on besides its makers: what was asked, and what was read."""
    yield job.today, [info.id for info in job.rules]
    yield job.request.select, job.request.ignore, job.request.surface, job.request.inventory, _named(job)
    if job.engines:
        from archguard.engines.running import versions  # noqa: PLC0415 - nothing of them is read without

        yield job.engines, versions(job.engines, job.place.top)
    yield services, sources.notes
    yield (
        [(file.path, file.kind, file.role, file.digest, file.tracked) for file in sources.files],
        sources.paths,
    )


def _outcome(
    job: _Job, sources: Snapshot, services: tuple[Service, ...], calls: ResolvedCalls | None = None
) -> Outcome:
    from archguard.derive.program import build  # noqa: PLC0415 - a kept outcome needs none of these
    from archguard.engines.adapter import Collected  # noqa: PLC0415
    from archguard.engines.translate import heard  # noqa: PLC0415
    from archguard.extract.workers import extract_all  # noqa: PLC0415
    from archguard.inventory.take import take  # noqa: PLC0415
    from archguard.triage.settle import counted, settle  # noqa: PLC0415

    with _others(job, sources) as others:
        extraction = extract_all(sources, _cache(job, sources), job.request.jobs)
        program = build(extraction.facts, sources.files, services, job.policy, sources.paths, memory=calls)
        findings, controls, broken = _apply(job, program)
        collected = others.finish() if others else Collected()
    said = heard(collected, extraction.facts, job.request.surface)
    failed = {failure.subject for failure in broken}
    settled = settle(
        _surfaced(findings, job),
        extraction.facts,
        sources,
        job.policy,
        services,
        job.today,
        rules=rules(),
        ran=[info.id for info in job.rules if info.id not in failed],
        heard=said,
    )
    unread = tuple(_unread(extraction, _named(job)))
    inventory = take(program) if job.request.inventory else Inventory()
    failures = (*sources.notes, *unread, *broken, *collected.failures)
    looked = tuple(rule.info for _, rule in sorted(said.rules.items()))
    stats = replace(_stats(extraction, program), engines=counted(collected.stats, settled))
    return Outcome(settled, controls, inventory, failures, stats, looked)


def _others(job: _Job, sources: Snapshot) -> AbstractContextManager[Running | None]:
    """The other tools on this snapshot, started."""
    if not job.engines:
        return nullcontext()
    from archguard.engines.running import Wanted, running  # noqa: PLC0415

    place, excluded, cache = job.place, job.settings.exclude, _cache(job, sources)
    return running(Wanted(job.engines, sources, place.top, place.target, excluded, cache, job.request.jobs))


def _apply(job: _Job, program: Program) -> tuple[list[Finding], tuple[Control, ...], tuple[Failure, ...]]:
    """Every rule on its own: one that breaks loses its findings, says so, and no other's."""
    findings: list[Finding] = []
    controls: list[Control] = []
    failures: list[Failure] = []
    narrowed = replace(program, focus=frozenset(_focus(job, program)))
    for info in job.rules:
        try:
            found = list(load(info)(narrowed if info.meta.scope == "module" else program))
        except Exception as error:
            reason = f"the rule failed: {type(error).__name__}"
            failures.append(Failure("rule", info.id, reason, fatal=True))
            continue
        findings += [item for item in found if isinstance(item, Finding)]
        controls += [item for item in found if isinstance(item, Control)]
    return findings, tuple(controls), tuple(failures)


def _focus(job: _Job, program: Program) -> Iterator[str]:
    """The paths of the modules in what was named; nothing if nothing was."""
    named = _named(job)
    if named and "." not in named:
        yield from (m.path for m in program.modules.values() if within(m.path, named))
        yield from (s.file.path for s in program.secrets if within(s.file.path, named))
        yield from named


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


def _stats(extraction: Extraction, program: Program) -> Stats:
    facts = extraction.facts.values()
    gaps = program.gaps
    calls = gaps.get("calls", 0)
    unresolved = sum(count for name, count in gaps.items() if name.startswith("unresolved:"))
    return Stats(
        files=len(extraction.facts),
        lines=sum(each.lines for each in facts if not isinstance(each, TextFacts)),
        cached=extraction.cached,
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
