"""Runs made by hand: a service with findings of several kinds, and one without any."""

from __future__ import annotations

from collections.abc import Sequence

from archguard.model.finding import Confidence, Control, Edit, Finding, Fix, Hop, Member, Severity
from archguard.model.inventory import (
    ClientRow,
    ColumnRow,
    Gap,
    Inventory,
    ModuleRow,
    RouteRow,
    SettingRow,
    TableRow,
    TaskRow,
)
from archguard.model.place import Place, Span
from archguard.model.rule import AREAS, Effort, Meta, RuleInfo
from archguard.model.run import Commit, Failure, Run, Stats, Suppression, Triaged

QUOTES = """\
import requests


def latest(symbol: str) -> Quote:
    url = f"{settings.ticker_url}/quotes/{symbol}"
    response = requests.get(url)
    return Quote.of(response.json())
"""


def span(path: str, line: int, column: int = 1, end_column: int = 1) -> Span:
    """A place on one line."""
    return Span(path, Place(line, column, line, end_column))


def info(
    rule: str,
    name: str = "",
    title: str = "",
    severity: Severity = Severity.HIGH,
    breaks: bool = False,
) -> RuleInfo:
    """A rule as its index has it."""
    meta = Meta(
        id=rule,
        severity=severity,
        surface="alert",
        scope="program",
        effort=Effort(2.0, 0.5),
        impact=("performance", "scalability"),
        risk="One slow answer of another service holds up every other request.",
        rollout="Behind the same signature; release with the next deployment.",
        breaks_callers=breaks,
    )
    area = AREAS[int(rule[2:4]) - 1][0]
    return RuleInfo(meta, name or rule.lower(), area, title or f"Rule {rule}", "", f"archguard.rules.{rule}")


def finding(
    rule: str = "AG0901",
    path: str = "app/services/quotes.py",
    line: int = 6,
    severity: Severity = Severity.HIGH,
    *,
    confidence: Confidence = Confidence.HIGH,
    message: str = "`requests.get(url)` waits for the network on the event loop.",
    key: str = "",
    members: tuple[Member, ...] = (),
    fix: Fix | None = None,
    evidence: tuple[tuple[str, str], ...] = (),
) -> Finding:
    """A finding of one place."""
    return Finding(
        rule=rule,
        key=key or f"{path}:{line}",
        span=span(path, line),
        message=message,
        severity=severity,
        confidence=confidence,
        members=members,
        fix=fix,
        evidence=evidence,
    )


def triaged(found: Finding, fingerprint: str = "", source: str = "") -> Triaged:
    """A finding as it is shown, with the lines around it."""
    lines = source.splitlines()
    first = max(1, found.span.line - 2)
    return Triaged(
        finding=found,
        service="",
        fingerprint=fingerprint or f"{abs(hash_of(found)):016x}",
        excerpt=tuple(lines[first - 1 : found.span.line + 1]),
        excerpt_line=first if lines else 0,
    )


def hash_of(found: Finding) -> int:
    """A number that the finding's identity decides."""
    return int.from_bytes(f"{found.rule}{found.key}".encode()[-7:], "big")


def run_of(
    findings: Sequence[Triaged] = (),
    rules: Sequence[RuleInfo] = (),
    controls: Sequence[Control] = (),
    lines: int = 12_000,
) -> Run:
    """A run of a service of this size, with nothing else in it."""
    return Run(
        target="",
        tool_version="0.1.0",
        commit=Commit(hash="a" * 40, branch="main", date="2026-03-01T10:00:00+00:00"),
        rules=tuple(rules),
        findings=tuple(findings),
        controls=tuple(controls),
        stats=Stats(files=40, lines=lines),
    )


def clean_run() -> Run:
    """A small service in which two rules found nothing."""
    rules = (
        info("AG0901", "blocking-call-in-async", "Blocking call in async code"),
        info("AG0101", "circular-import", "Circular import"),
    )
    return run_of((), rules, lines=800)


def full_run() -> Run:
    """A service with something for every section."""
    return Run(
        target="",
        tool_version="0.1.0",
        commit=Commit(
            "c0ffee" + "0" * 34, "main", "2026-03-01T10:00:00+00:00", "https://github.com/acme/quotes"
        ),
        rules=(
            info("AG0901", "blocking-call-in-async", "Blocking call in async code"),
            info("AG0101", "circular-import", "Circular import", Severity.MEDIUM, breaks=True),
            info("AG0601", "missing-timeout", "Missing timeout"),
        ),
        findings=_findings(),
        suppressed=(
            Triaged(
                finding("AG0905", "app/jobs.py", 4, message="The task is kept by nobody."),
                "",
                "5" * 16,
                suppressed_by=Suppression(
                    span("app/jobs.py", 4), ("AG0905",), "ends with the process", used=1
                ),
            ),
        ),
        controls=_controls(),
        inventory=_inventory(),
        failures=(Failure("file", "app/old.py", "syntax error", False, span("app/old.py", 3)),),
        stats=Stats(files=9, lines=4200, functions=80, calls=400, resolved=350, gaps={"dynamic-route": 2}),
    )


def _findings() -> tuple[Triaged, ...]:
    member = Member(
        "GET /quotes/{symbol}",
        "GET /quotes/{symbol}",
        span("app/routes/quotes.py", 4),
        (
            Hop(span("app/routes/quotes.py", 5), "quote_service.latest(symbol)"),
            Hop(span("app/services/quotes.py", 6), "requests.get(url)"),
        ),
    )
    other = Member("GET /ticker", "GET /ticker", span("app/routes/quotes.py", 8))
    edit = Edit(Span("app/services/quotes.py", Place(6, 32, 6, 33)), ", timeout=5)")
    offload = Fix("Run it in a thread.", "await asyncio.to_thread(quote_service.latest, symbol)")
    return (
        triaged(finding(members=(member, other), fix=offload), "1" * 16, QUOTES),
        triaged(
            finding(
                "AG0601",
                message="requests.get waits for ever: no timeout.",
                severity=Severity.MEDIUM,
                fix=Fix("Give the call a timeout.", "", (edit,)),
            ),
            "2" * 16,
            QUOTES,
        ),
        triaged(
            finding(
                "AG0101",
                "app/services/__init__.py",
                1,
                Severity.MEDIUM,
                message="app.services and app.routes import each other.",
            ),
            "3" * 16,
        ),
    )


def _controls() -> tuple[Control, ...]:
    return (
        Control("AG0603", "retry", "ticker", "absent", "no retry around the calls of the ticker"),
        Control(
            "AG0609",
            "shutdown",
            "",
            "present",
            "the engine is disposed of in the lifespan",
            (span("app/main.py", 12),),
        ),
    )


def _module(name: str, lines: int, *imports: str, role: str = "source") -> ModuleRow:
    file = name.replace(".", "/") + ".py"
    return ModuleRow(
        file=file,
        line=1,
        name=name,
        role=role,
        lines=lines,
        code_lines=lines * 3 // 4,
        functions=4,
        classes=1,
        imports=imports,
    )


def _inventory() -> Inventory:
    return Inventory(
        modules=(
            _module("app.main", 60, "app.routes.quotes", "app.config"),
            _module("app.config", 40),
            _module("app.routes.quotes", 120, "app.services.quotes", "app.config"),
            _module("app.services.quotes", 500, "app.models"),
            _module("app.models", 350),
            _module("tests.test_quotes", 90, "app.main", role="test"),
        ),
        routes=tuple(
            RouteRow(
                file="app/routes/quotes.py",
                line=4 + number,
                method=method,
                path=path,
                kind="ws" if method == "WS" else "http",
                handler="app.routes.quotes.handler",
                is_async=True,
                response_model="Quote" if number else "",
                auth=("current_user",),
            )
            for number, (method, path) in enumerate(
                (("GET", "/quotes/{symbol}"), ("POST", "/quotes"), ("WS", "/stream"))
            )
        ),
        tables=(
            TableRow(
                file="app/models.py", line=5, name="symbol", origin="model", columns=(ColumnRow(name="id"),)
            ),
            TableRow(file="app/models.py", line=20, name="quote", origin="model", references=("symbol",)),
        ),
        settings=(SettingRow(file="app/config.py", line=7, name="ticker_url", kind="field", required=True),),
        clients=(
            ClientRow(
                file="app/services/quotes.py",
                line=6,
                library="requests",
                symbol="requests.get",
                lifetime="call",
            ),
        ),
        tasks=(TaskRow(file="app/main.py", line=20, kind="task", function="app.main.refresh"),),
        gaps=(Gap(kind="unresolved-call", reason="receiver is a parameter", count=31),),
    )
