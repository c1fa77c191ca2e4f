"""What is one finding of a blocking call and what is several: a finding is what one change mends."""

from __future__ import annotations

import pytest

from archguard.model.finding import Finding
from archguard.rules.concurrency.blocking_call_in_async import check
from tests.support.programs import program_of

HEAD = (
    "import requests, smtplib, sqlite3, time, httpx, websocket\n"
    "from fastapi import FastAPI\napp = FastAPI()\nhttp = httpx.Client()\n"
    "@app.get('/')\nasync def f(rows):\n    "
)
REQUESTS = "requests.get('a')\n    requests.post('b')\n    requests.get('c')\n    time.sleep(1)\n"
MAIL = "with smtplib.SMTP('a') as mail:\n        mail.starttls()\n        mail.sendmail('a', 'b', 'c')\n"
QUERIES = "db = sqlite3.connect('a')\n    db.execute('b')\n    sqlite3.connect('c').execute('d')\n"
FILES = "open('a')\n    rows.append(open('b'))\n"
SOCKETS = (
    "for row in rows:\n        if row:\n            ws = websocket.create_connection(row)\n"
    "        else:\n            ws = websocket.create_connection('a')\n        ws.send('b')\n"
)
CLIENT = "http.get('a')\n    http.post('b')\n"


def _findings(source: str) -> list[Finding]:
    return list(check(program_of({"main.py": source})))


@pytest.mark.parametrize(
    ("body", "causes"),
    [
        (REQUESTS, {"requests.get": 2, "requests.post": 1, "time.sleep": 1}),
        (MAIL, {"smtplib": 4}),
        (QUERIES, {"sqlite3": 4}),
        (FILES, {"disk": 2}),
        (SOCKETS, {"websocket": 3}),
        (CLIENT, {"httpx.Client.get": 1, "httpx.Client.post": 1}),
    ],
)
def test_in_a_coroutine_each_function_called_and_each_connection_is_a_finding(
    body: str, causes: dict[str, int]
) -> None:
    found = {finding.key.partition(":")[2]: dict(finding.evidence) for finding in _findings(HEAD + body)}
    assert {cause: int(evidence["calls here"]) for cause, evidence in found.items()} == causes


def test_a_helper_has_one_finding_a_library_with_the_routes_that_reach_it() -> None:
    helper = "def g(rows):\n    " + REQUESTS
    findings = _findings(f"{HEAD}g(rows)\n@app.get('/b')\nasync def b():\n    g(1)\n{helper}")
    assert {finding.key: [member.key for member in finding.members] for finding in findings} == {
        "main.g:requests": ["GET /", "GET /b", "call requests.post 1", "call requests.get 1"],
        "main.g:time": ["GET /", "GET /b"],
    }
