"""One run with something of everything, for the tests of whatever reads a Run."""

from __future__ import annotations

from archguard.model.finding import Confidence, Control, Edit, Finding, Fix, Hop, Member, Severity
from archguard.model.inventory import (
    ClientRow,
    ColumnRow,
    Gap,
    Inventory,
    ModuleRow,
    RouteRow,
    ServiceRow,
    SettingRow,
    TableRow,
    TaskRow,
)
from archguard.model.place import Place, Span
from archguard.model.rule import Effort, Meta, RuleInfo
from archguard.model.run import Commit, Failure, Run, Stats, Suppression, Triaged


def span(path: str, line: int, column: int = 1, end_column: int = 0, end_line: int = 0) -> Span:
    """A span, by default of one character on one line."""
    return Span(path, Place(line, column, end_line or line, end_column or column + 1))


def _rule(id_: str, name: str, area: str, severity: Severity, title: str) -> RuleInfo:
    security = severity == Severity.CRITICAL
    meta = Meta(
        id=id_,
        severity=severity,
        surface="alert",
        scope="program",
        effort=Effort(1.0, 0.5),
        impact=("performance", "reliability"),
        risk="Under load every request waits for the slowest one.",
        rollout="Ship behind the existing route; callers see no difference.",
        security=security,
        cwe=798 if security else 0,
    )
    why = "Why it matters: it is `one` of the ten."
    doc = f"{title}\n\n{why}\n\n## How to fix\n\n    await asyncio.to_thread(f)\n"
    return RuleInfo(meta, name, area, title, doc, f"archguard.rules.{area}.{name.replace('-', '_')}")


RULES = (
    _rule(
        "AG0101", "circular-import", "structure", Severity.MEDIUM, "Modules import each other in a circle."
    ),
    _rule("AG0601", "missing-timeout", "resilience", Severity.MEDIUM, "A network call may wait for ever."),
    _rule("AG0801", "hardcoded-secret", "configuration", Severity.CRITICAL, "A secret stands in the code."),
    _rule(
        "AG0901", "blocking-call-in-async", "concurrency", Severity.HIGH, "A blocking call on the event loop."
    ),
    _rule("AG0905", "fire-and-forget-task", "concurrency", Severity.LOW, "A task that nobody keeps."),
)

QUOTES = "services/api/app/services/quotes.py"
ROUTES = "services/api/app/routes/quotes.py"
_SINK = Hop(span(QUOTES, 48, 16, 33), "requests.get(url)")


def _member(number: int, path: str, line: int) -> Member:
    chain = (
        Hop(span(ROUTES, line, 1, 20), f"GET {path}"),
        Hop(span(ROUTES, line + 3, 5, 40), "quote_service.latest(symbol)"),
        _SINK,
    )
    return Member(
        f"GET {path}", f"GET {path}", span(ROUTES, line, 1, 20), chain if number < 3 else chain[:1] + chain
    )


BLOCKING = Triaged(
    Finding(
        rule="AG0901",
        key="api:requests.get:network",
        span=_SINK.span,
        message="`requests.get` waits for the network on the event loop; every other request waits with it.\n"
        "A reader's [note](1) and items[0] stay text.",
        severity=Severity.HIGH,
        members=(
            _member(1, "/quotes/{symbol}", 22),
            _member(2, "/quotes/{symbol}/history", 40),
            _member(3, "/quotes/latest", 61),
        ),
        related=(Hop(span("services/api/app/settings.py", 9, 5, 30), "ticker_url is set here"),),
        sources=("archguard", "ruff ASYNC210"),
        evidence=(("kind", "network"), ("routes", "3")),
        fix=Fix(
            "Run it in a thread.",
            "await asyncio.to_thread(quote_service.latest, symbol)",
            (
                Edit(span(ROUTES, 25, 12, 40), "await asyncio.to_thread(quote_service.latest, symbol)"),
                Edit(span(ROUTES, 1, 1, 1), "import asyncio\n"),
            ),
        ),
    ),
    service="api",
    fingerprint="0123456789abcdef0123456789abcdef",
    line_hash="39fa2ee980eb94b0:1",
    excerpt=(
        "def latest(symbol: str) -> Quote:",
        '    url = f"{settings.ticker_url}/quotes/{symbol}"',
        "    response = requests.get(url)",
        "    return Quote(**response.json())",
    ),
    excerpt_line=46,
    novelty="known",
    new_members=("GET /quotes/latest",),
)

TIMEOUT = Triaged(
    Finding(
        rule="AG0601",
        key="api:requests.get",
        span=span(QUOTES, 48, 16, 33),
        message="`requests.get` has no timeout: it waits for ever when the ticker does not answer.",
        severity=Severity.HIGH,
        sources=("archguard", "ruff S113", "bandit B113"),
    ),
    service="api",
    fingerprint="11111111111111111111111111111111",
    line_hash="39fa2ee980eb94b0:1",
    excerpt=("    response = requests.get(url)",),
    excerpt_line=48,
    novelty="new",
)

CYCLE = Triaged(
    Finding(
        rule="AG0101",
        key="app.a,app.b",
        span=span("services/api/app/a.py", 3, 1, 24),
        message="app.a and app.b import each other.",
        severity=Severity.MEDIUM,
        confidence=Confidence.MEDIUM,
        related=(Hop(span("services/api/app/b.py", 2, 1, 20), "app.b imports app.a"),),
        evidence=(("cut", "app.b → app.a"),),
    ),
    service="api",
    fingerprint="22222222222222222222222222222222",
    line_hash="aaaaaaaaaaaaaaaa:1",
    excerpt=("from app.b import b",),
    excerpt_line=3,
    novelty="new",
)

SECRET = Triaged(
    Finding(
        rule="AG0801",
        key="STRIPE_KEY",
        span=span("services/worker/straße & co/settings.py", 7, 1, 30, 9),
        message="STRIPE_KEY holds a live key (aws-access-key, 40 characters).",
        severity=Severity.CRITICAL,
    ),
    service="worker",
    fingerprint="33333333333333333333333333333333",
    line_hash="bbbbbbbbbbbbbbbb:2",
    excerpt=('STRIPE_KEY = "********"',),
    excerpt_line=7,
    novelty="unknown",
)

DROPPED_TASK = Triaged(
    Finding(
        rule="AG0905",
        key="app.jobs.start:asyncio.create_task",
        span=span("services/worker/app/jobs.py", 12, 5, 40),
        message="The task is dropped: it can be collected while it runs, and its exception is never seen.",
        severity=Severity.LOW,
        confidence=Confidence.LOW,
    ),
    service="worker",
    fingerprint="44444444444444444444444444444444",
    line_hash="cccccccccccccccc:1",
    excerpt=("    asyncio.create_task(refresh())",),
    excerpt_line=12,
)

SUPPRESSION = Suppression(
    span("services/worker/app/old.py", 5, 30, 70), ("AG0601",), "the peer is on this host", "2027-03-01", 1
)

SUPPRESSED = Triaged(
    Finding(
        rule="AG0601",
        key="worker:httpx.get",
        span=span("services/worker/app/old.py", 5, 5, 20),
        message="`httpx.get` was told to wait for ever.",
        severity=Severity.MEDIUM,
    ),
    service="worker",
    fingerprint="55555555555555555555555555555555",
    line_hash="dddddddddddddddd:1",
    excerpt=("    httpx.get(url, timeout=None)",),
    excerpt_line=5,
    suppressed_by=SUPPRESSION,
)

CONTROLS = (
    Control("AG0704", "api:health", "api", "present", "GET /health answers.", (span(ROUTES, 80, 1, 20),)),
    Control("AG0705", "api:readiness", "api", "absent", "No route reaches the database to say so."),
    Control(
        "AG0605",
        "api:ticker",
        "ticker",
        "unknown",
        "The client is built from a factory that was not resolved.",
    ),
)

INVENTORY = Inventory(
    services=(
        ServiceRow(name="api", root="services/api", applications=("app.main:app",), processes=("web",)),
        ServiceRow(name="worker", root="services/worker", processes=("worker",)),
    ),
    modules=(
        ModuleRow(
            file=QUOTES,
            line=1,
            name="app.services.quotes",
            role="source",
            lines=90,
            code_lines=70,
            functions=4,
            classes=1,
            imports=("app.settings",),
        ),
        ModuleRow(
            file=ROUTES,
            line=1,
            name="app.routes.quotes",
            role="source",
            lines=120,
            code_lines=90,
            functions=6,
            classes=0,
            imports=("app.services.quotes",),
        ),
    ),
    routes=(
        RouteRow(
            file=ROUTES,
            line=22,
            method="GET",
            path="/quotes/{symbol}",
            kind="http",
            handler="app.routes.quotes.get_quote",
            is_async=True,
            response_model="Quote",
            status=200,
            auth=("current_user",),
            tags=("quotes",),
        ),
        RouteRow(
            file=ROUTES,
            line=90,
            method="WS",
            path="/stream",
            kind="ws",
            handler="app.routes.quotes.stream",
            is_async=True,
            conditional=True,
        ),
    ),
    tables=(
        TableRow(
            file="services/api/migrations/001_init.sql",
            line=1,
            name="quotes",
            origin="migration",
            columns=(
                ColumnRow(name="id", type="bigint", nullable=False),
                ColumnRow(name="symbol", type="text"),
            ),
            references=("symbols",),
        ),
    ),
    settings=(
        SettingRow(
            file="services/api/app/settings.py", line=9, name="TICKER_URL", kind="pydantic", required=True
        ),
    ),
    clients=(ClientRow(file=QUOTES, line=48, library="requests", symbol="requests.get", lifetime="call"),),
    tasks=(TaskRow(file="services/worker/app/jobs.py", line=12, kind="task", function="app.jobs.refresh"),),
    gaps=(Gap(kind="call", reason="unresolved-name", count=7),),
)

FAILURES = (
    Failure(
        "file",
        "services/api/app/broken.py",
        "syntax error: '(' was never closed",
        False,
        span("services/api/app/broken.py", 3, 9),
    ),
    Failure("rule", "AG0302", "KeyError: 'routes'", True),
    Failure("engine", "semgrep", "not installed", False),
)


def sample_run() -> Run:
    """Five findings of two services, a suppressed one, controls, failures and an inventory."""
    return Run(
        target="",
        tool_version="0.1.0",
        commit=Commit(
            "0a1b2c3d4e5f60718293a4b5c6d7e8f901234567",
            "main",
            "2026-11-20T09:30:00+01:00",
            "https://github.com/example/quotes",
        ),
        rules=RULES,
        findings=(BLOCKING, TIMEOUT, CYCLE, SECRET, DROPPED_TASK),
        suppressed=(SUPPRESSED,),
        unused_suppressions=(Suppression(span("services/api/app/a.py", 9, 1, 40), ("AG0101",), ""),),
        controls=CONTROLS,
        inventory=INVENTORY,
        failures=FAILURES,
        stats=Stats(120, 25_000, 118, 900, 5_000, 4_600, {"dynamic-dispatch": 12, "unresolved-name": 388}),
        since="",
        fixed=0,
    )
