"""The whole way: a service in a repository, its review, and the report held against the commit."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from archguard.assess.judge import assess
from archguard.model.run import Run
from archguard.output.report import html, markdown
from archguard.output.report.check import check
from archguard.pipeline import Request, analyse

MAIN = """\
from fastapi import FastAPI

from app import routes

app = FastAPI()
app.include_router(routes.router)
"""
ROUTES = """\
from fastapi import APIRouter

from app import quotes

router = APIRouter()


@router.get("/quotes/{symbol}")
async def get_quote(symbol: str) -> dict:
    return quotes.latest(symbol)
"""
QUOTES = """\
import requests

API_PASSWORD = "hunter2-hunter2"


def latest(symbol: str) -> dict:
    # `ticks` | and <b>tags</b>
    return requests.get("https://ticker/" + symbol, auth=("me", "s3cr3t-Pa55")).json()
"""
FILES = {"app/main.py": MAIN, "app/routes.py": ROUTES, "app/quotes.py": QUOTES}


@pytest.fixture
def run(tmp_path: Path) -> Run:
    for name, content in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b.example", "-C", str(tmp_path)]
    for arguments in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-qm", "A service"]):
        subprocess.run([*git, *arguments], check=True, timeout=30)
    return analyse(Request(tmp_path, use_cache=False, jobs=1))


def test_a_report_of_a_real_repository_holds_against_its_commit(run: Run) -> None:
    text = markdown.render(assess(run))
    known = [triaged.fingerprint for triaged in run.findings]
    assert check(text, lambda path: FILES[path].encode(), known) == []
    assert "AG0901" in text
    assert "| GET | `/quotes/{symbol}` |" in text


def test_no_secret_of_the_service_is_in_its_report(run: Run) -> None:
    assessment = assess(run)
    both = markdown.render(assessment) + html.render(assessment)
    assert "hunter2" not in both
    assert "s3cr3t" not in both
