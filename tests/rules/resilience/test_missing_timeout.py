"""What a missing timeout's finding carries: the way there, and what could not be told."""

from __future__ import annotations

from archguard.model.finding import Confidence, Finding, Severity
from archguard.rules.resilience.missing_timeout import check
from tests.support.programs import program_of

APP = "from fastapi import FastAPI\nimport requests\napp = FastAPI()\n"


def _findings(source: str) -> list[Finding]:
    return list(check(program_of({"main.py": APP + source})))


def test_each_route_that_reaches_the_call_is_a_member_with_its_chain() -> None:
    source = (
        "def fetch():\n    return requests.get('https://a.example')\n"
        "@app.get('/a')\ndef a():\n    return fetch()\n"
        "@app.get('/b')\ndef b():\n    return fetch()\n"
    )
    (finding,) = _findings(source)
    assert sorted(member.key for member in finding.members) == ["GET /a", "GET /b"]
    assert [hop.text for hop in finding.members[0].chain] == [
        "GET /a  def a",
        "fetch()",
        "requests.get('https://a.example')",
    ]
    assert finding.severity == Severity.HIGH


def test_each_call_of_a_function_needs_its_own_limit() -> None:
    first, second = _findings("def work():\n    requests.get('x')\n    requests.get('y')\n")
    assert [first.key, second.key] == ["main.work:requests.get", "main.work:requests.get:2"]
    assert (first.span.line + 1, first.members) == (second.span.line, ())
    assert (first.severity, first.confidence) == (Severity.MEDIUM, Confidence.MEDIUM)


def test_arguments_that_cannot_be_seen_are_counted_and_not_reported() -> None:
    program = program_of({"main.py": APP + "def work(**options):\n    requests.get('x', **options)\n"})
    assert list(check(program)) == []
    assert program.gaps["AG0601: arguments not known"] == 1


def test_a_default_timeout_for_sockets_counts_for_what_is_built_on_them() -> None:
    source = "import socket, urllib.request\nsocket.setdefaulttimeout(5)\n"
    source += "def work():\n    urllib.request.urlopen('x')\n"
    assert _findings(source) == []


def test_the_suggested_code_is_the_call_with_a_timeout() -> None:
    (finding,) = _findings("def work(url):\n    requests.get(url)\n")
    assert finding.fix is not None
    assert finding.fix.code == "requests.get(url, timeout=10)"


def test_a_session_whose_request_is_replaced_may_set_its_own() -> None:
    source = "import functools\nsession = requests.Session()\n"
    source += "session.request = functools.partial(session.request, timeout=5)\n"
    source += "def work():\n    session.get('x')\n"
    assert _findings(source) == []
