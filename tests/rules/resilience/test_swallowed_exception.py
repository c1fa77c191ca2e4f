"""Which swallowed errors are alerts: those of which it is proved that a service loses something."""

from __future__ import annotations

import pytest

from archguard.model.finding import Finding
from archguard.rules.resilience.swallowed_exception import META, check
from tests.support.programs import program_of

HEAD = """
import requests, smtplib
from fastapi import FastAPI
from sqlalchemy.orm import Session
app = FastAPI()
session = Session()
"""
ROUTE = '@app.post("/")\ndef work():\n'
ROWS = "session.commit()"


@pytest.mark.parametrize(
    ("start", "body", "surface"),
    [
        (ROUTE, ROWS, "alert"),
        (ROUTE, 'smtplib.SMTP("mail", timeout=3).sendmail("a", "b", "c")', "alert"),
        (ROUTE, 'requests.post("https://example.org", timeout=3)', "report"),
        (ROUTE, "print()", "report"),
        ("def work():\n", ROWS, "report"),
        ('@app.on_event("startup")\ndef work():\n', ROWS, "report"),
        ('@app.post("/")\ndef update_statistics():\n', ROWS, "report"),
    ],
)
def test_a_loss_in_a_service_is_an_alert(start: str, body: str, surface: str) -> None:
    source = f"{HEAD}{start}    try:\n        {body}\n    except Exception:\n        pass\n"
    (finding,) = check(program_of({"main.py": source}))
    assert isinstance(finding, Finding)
    assert (finding.surface or META.surface) == surface


def test_a_finally_that_is_left_twice_is_one_finding() -> None:
    body = "    try:\n        x()\n    finally:\n        if x:\n            return 1\n        return 2\n"
    (finding,) = check(program_of({"main.py": f"def f(x):\n{body}"}))
    assert isinstance(finding, Finding)
    assert [member.span.line for member in finding.members] == [7]
