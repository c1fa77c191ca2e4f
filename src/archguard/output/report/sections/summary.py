"""1. Executive summary."""

from __future__ import annotations

from collections import Counter

from archguard.assess import grading
from archguard.assess.areas import open_findings
from archguard.model.assessment import AreaAssessment, Assessment
from archguard.model.finding import Control, Severity
from archguard.output.report.document import (
    Block,
    Bullets,
    Cite,
    Code,
    Fold,
    Grade,
    Heading,
    Inline,
    Level,
    Line,
    Strong,
    Table,
    Text,
    line,
    prose,
    say,
)
from archguard.output.report.names import NOT_ASSESSED, finding_link, recommendation_link
from archguard.output.report.plural import count_of, effort_of
from archguard.output.report.sections.changes import changes
from archguard.output.report.tables import folded

TOP = 5


def summary(assessment: Assessment) -> list[Block]:
    """The page that is read when only one is."""
    return [
        *_grade(assessment),
        *_verdict(assessment),
        *_services(assessment),
        *_strengths(assessment),
        *_issues(assessment),
        *_recommendations(assessment),
        *changes(assessment),
    ]


def _grade(assessment: Assessment) -> list[Block]:
    assessed = [area for area in assessment.areas if area.grade]
    if not assessed or assessment.grade is None:
        why = "; ".join(dict.fromkeys(area.gap for area in assessment.areas))
        said = say(Strong("Overall grade: none"), f", for {why}.")
        return [said, _grades(assessment)] if any(area.findings for area in assessment.areas) else [said]
    rules = len(assessment.run.rules)
    of = f" from {len(assessed)} of 10 areas, on what {count_of(rules, 'rule')} looked for. "
    return [
        say(Strong("Overall grade "), Grade(assessment.grade), of, _why(assessed)),
        _grades(assessment),
        _arithmetic(assessment),
    ]


def _why(assessed: list[AreaAssessment]) -> str:
    """The second sentence: what pulls the grade down, or that nothing does."""
    worst = min(assessed, key=lambda area: area.score)
    if worst.score >= 100:
        return "Nothing was found that costs a point."
    lacking = sum(1 for c in worst.controls if c.state in ("absent", "partial"))
    parts = [count_of(len(worst.findings), "finding")] if worst.findings else []
    parts += [count_of(lacking, "missing control")] if lacking else []
    return f"{worst.title} costs it most: {' and '.join(parts)}, grade {worst.grade}."


def _grades(assessment: Assessment) -> Table:
    severities = sorted(Severity, reverse=True)
    rows = []
    for area in assessment.areas:
        counts = Counter(triaged.finding.severity for triaged in area.findings)
        shown: list[Line] = [line(str(counts[s])) if counts[s] else () for s in severities]
        ran = sum(1 for info in assessment.run.rules if info.area == area.area)
        rows.append((line(area.title), (Grade(area.grade or NOT_ASSESSED),), *shown, line(str(ran or ""))))
    head = ("Area", "Grade", *(str(s).capitalize() for s in severities), "Rules run")
    return Table(head, tuple(rows), frozenset(range(2, len(head))))


def _arithmetic(assessment: Assessment) -> Fold:
    rows = [
        (line(area.title), line(area.arithmetic), line(f"{area.score:g}"), (Grade(area.grade),))
        for area in assessment.areas
        if area.grade
    ]
    rows.append(
        (
            (Strong("Overall"),),
            line(assessment.arithmetic),
            (),
            (Grade(assessment.grade or ""),),
        )
    )
    return Fold(
        "The arithmetic",
        (
            say(_published()),
            Table(("Area", "How", "Score", "Grade"), tuple(rows), frozenset({2})),
        ),
    )


def _published() -> str:
    """How every grade comes about, from the constants that make it."""
    points = ", ".join(f"{s} {p}" for s, p in grading.POINTS.items())
    unsure = " and ".join(f"{float(p):g} at {c} confidence" for c, p in grading.CERTAINTY.items() if p < 1)
    caps = ", ".join(f"at most {cap} with a {s} finding" for s, cap in grading.CAPS.items())
    steps = ", ".join(f"{grade} from {least}" for least, grade in grading.STEPS)
    return (
        f"Points for a finding: {points}; times {unsure}. An area scores "
        f"100 × {grading.HALF} / ({grading.HALF} + points per 1,000 lines) on at least "
        f"{grading.LEAST_LINES:,} lines, minus {grading.CONTROL} for each kind of control that is missing. "
        f"Overall: half the mean of the assessed areas and half the worst of them. "
        f"{caps[:1].upper()}{caps[1:]}. Grades: {steps}."
    )


def _verdict(assessment: Assessment) -> list[Block]:
    said = assessment.verdict
    blocks: list[Block] = [Heading(3, line("Production readiness"))]
    if not assessment.conditions:
        return [*blocks, say(Strong(said.capitalize()), ": all ten areas were assessed, none holds it up.")]
    return [
        *blocks,
        say(Strong(said.capitalize()), ". It hangs on:"),
        Bullets(tuple(line(c) for c in assessment.conditions)),
    ]


def _services(assessment: Assessment) -> list[Block]:
    """The services of a repository that has several, those with the worst findings first."""
    services = assessment.run.inventory.services
    if len(services) < 2:
        return []
    severities = sorted(Severity, reverse=True)
    counts = {service.name: Counter[Severity]() for service in services}
    for triaged in open_findings(assessment.run):
        counts.setdefault(triaged.service, Counter())[triaged.finding.severity] += 1
    rows = []
    for service in sorted(services, key=lambda s: ([-counts[s.name][level] for level in severities], s.root)):
        shown: list[Line] = [line(str(counts[service.name][s] or "")) for s in severities]
        rows.append((line(service.name), line(Code(service.root or ".")), *shown))
    head = ("Service", "Folder", *(str(s).capitalize() for s in severities))
    table = Table(head, tuple(rows), frozenset(range(2, len(head))))
    return [Heading(3, line("Services")), *folded(table, count_of(len(rows), "service"))]


def _strengths(assessment: Assessment) -> list[Block]:
    strengths = [(area, control) for area in assessment.areas for control in area.strengths]
    if not strengths:
        return []
    shown = sorted(strengths, key=lambda pair: not pair[1].locations)[:TOP]
    items = tuple(line(Strong(area.title), ": ", *strength(control)) for area, control in shown)
    return [Heading(3, line("Strengths")), Bullets(items)]


def strength(control: Control) -> Line:
    """What a control says, with the first places that show it."""
    places: list[Inline] = []
    for span in control.locations[:3]:
        places += [Text(", " if places else " ("), Cite(span.path, span.line)]
    subject = f"{control.subject}: " if control.subject else ""
    return line(subject, *prose(control.reason), *places, ")" if places else "")


def _issues(assessment: Assessment) -> list[Block]:
    """The worst finding of each of the worst recommendations, so that five issues are five causes."""
    worst = [r for r in assessment.recommendations if r.priority >= Severity.HIGH][:TOP]
    if not worst:
        found = sum(len(area.findings) for area in assessment.areas)
        least = f"; {count_of(found, 'finding')} below that" if found else ""
        return [Heading(3, line("Critical issues")), say(f"None of high or critical severity{least}.")]
    items = []
    for made in worst:
        first, more = made.findings[0], len(made.findings) - 1
        also = f" (and {count_of(more, 'like it', 'like it')})" if more else ""
        place = Cite(first.finding.span.path, first.finding.span.line)
        items.append(line(Level(str(made.priority)), " · ", finding_link(first), " at ", place, also))
    return [Heading(3, line("Critical issues")), Bullets(tuple(items), ordered=True)]


def _recommendations(assessment: Assessment) -> list[Block]:
    top = assessment.recommendations[:TOP]
    if not top:
        return []
    items = []
    for made in top:
        effort = effort_of(made.hours)
        places = count_of(len(made.findings), "place")
        said = ", ".join(part for part in (str(made.priority), places, effort) if part)
        items.append(line(recommendation_link(assessment, made), f": {said}"))
    return [Heading(3, line("What to do first")), Bullets(tuple(items), ordered=True)]
