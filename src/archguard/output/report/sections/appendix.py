"""9. Appendix: file by file, rules run, what is suppressed, versions, how to reproduce."""

from __future__ import annotations

from collections import Counter, defaultdict
from shlex import quote

from archguard.assess.areas import open_findings
from archguard.model.assessment import Assessment
from archguard.model.run import Run, Triaged
from archguard.output.report.document import Block, Cite, Fold, Line, Listing, Table, line, say
from archguard.output.report.plural import count_of, first_sentence
from archguard.output.report.tables import folded, modules


def appendix(assessment: Assessment) -> list[Block]:
    """What one looks up."""
    run = assessment.run
    return [
        *_files(run),
        *_rules(run),
        *_engines(run),
        *_suppressed(run),
        say(f"Made by archguard {run.tool_version}. To make it again:"),
        _reproduce(run),
    ]


def _reproduce(run: Run) -> Listing:
    """The commands that make this report again."""
    checkout = [f"git checkout {run.commit.hash}"] if run.commit.hash else []
    return Listing("sh", "\n".join([*checkout, f"archguard review {quote(run.prefix or '.')}"]))


def _files(run: Run) -> list[Block]:
    """The files with findings, then all modules."""
    by_path: dict[str, list[Triaged]] = defaultdict(list)
    for triaged in open_findings(run):
        by_path[triaged.finding.span.path].append(triaged)
    blocks: list[Block] = []
    if by_path:
        rows = tuple((line(Cite(path, 1)), _counted(by_path[path])) for path in sorted(by_path))
        table = Table(("File", "Findings"), rows)
        blocks += folded(table, f"{count_of(len(rows), 'file')} with findings")
    every = modules(run.inventory.modules, count_of(len(run.inventory.modules), "module"))
    return [*blocks, *(every if len(every) != 2 else ())]


def _counted(found: list[Triaged]) -> Line:
    rules = Counter(triaged.finding.rule for triaged in found)
    return line(", ".join(f"{rule} × {number}" for rule, number in sorted(rules.items())))


def _rules(run: Run) -> list[Block]:
    if not run.rules:
        return []
    found = Counter(triaged.finding.rule for triaged in open_findings(run))
    rows = tuple(
        (line(info.id), line(info.title.rstrip(".")), line(info.area), line(str(found[info.id])))
        for info in sorted(run.rules, key=lambda info: info.id)
    )
    table = Table(("Rule", "What it looks for", "Area", "Findings"), rows, frozenset({3}))
    return [Fold(f"{count_of(len(rows), 'rule')} run", (table,))]


def _engines(run: Run) -> list[Block]:
    """The other tools that looked; those that did not are among the limits."""
    if not run.engines:
        return []
    told = {each.name: each for each in run.stats.engines}
    rows = []
    for name, version in run.engines:
        each = told.get(name)
        counts = (each.files, each.found, each.joined, each.left) if each else ("", "", "", "")
        said = (f"{count:,}" if isinstance(count, int) else count for count in counts)
        rows.append((line(name), line(version), *(line(words) for words in said)))
    titles = ("Tool", "Version", "Files", "Found", "Joined with others", "Not shown on its own")
    table = Table(titles, tuple(rows), frozenset({2, 3, 4, 5}))
    return [Fold(f"{count_of(len(rows), 'other tool')} run", (table,))]


def _suppressed(run: Run) -> list[Block]:
    blocks: list[Block] = []
    if run.suppressed:
        rows = tuple(_silenced(triaged) for triaged in run.suppressed)
        table = Table(("Rule", "Place", "What", "Reason", "Until"), rows)
        blocks += [Fold(f"{count_of(len(rows), 'suppressed finding')}", (table,))]
    if run.unused_suppressions:
        unused = tuple(
            (line(", ".join(s.rules)), line(Cite(s.span.path, s.span.line)), line(s.reason))
            for s in run.unused_suppressions
        )
        table = Table(("Rules", "Place", "Reason"), unused)
        blocks += [Fold(f"{count_of(len(unused), 'suppression')} without effect", (table,))]
    return blocks


def _silenced(triaged: Triaged) -> tuple[Line, ...]:
    found, by = triaged.finding, triaged.suppressed_by
    return (
        line(found.rule),
        line(Cite(found.span.path, found.span.line)),
        line(first_sentence(found.message)),
        line(by.reason if by else ""),
        line(by.until if by else ""),
    )
