"""What functions change outside the process, and what says nothing of that."""

from __future__ import annotations

import pytest

from tests.support.programs import program_of

SOURCE = """
from contextlib import contextmanager
from sqlalchemy import text
from sqlalchemy.orm import Session
import requests

session = Session()

@contextmanager
def scoped():
    yield session
    session.commit()

def execute(query):
    session.execute(query)
    session.commit()

def save():
    session.add(1)

def work():
    {body}
"""


@pytest.mark.parametrize(
    ("body", "changed"),
    [
        ("save()", ["database"]),
        ("execute('INSERT INTO t (a) VALUES (1)')", ["database"]),
        ("session.execute(text('update t set a = 1'))", ["database"]),
        ("session.execute(f'DELETE FROM {table}')", ["database"]),
        ("requests.post('https://example.org', timeout=1)", ["service"]),
        ("execute('SELECT a FROM t')", []),
        ("execute('ALTER TABLE t ADD COLUMN a INT')", []),
        ("print('UPDATE t SET a = 1')", []),
        ("requests.get('https://example.org', timeout=1)", []),
        ("with scoped() as own:\n        own.get(int, 1)", []),
    ],
)
def test_a_call_changes_something_outside(body: str, changed: list[str]) -> None:
    program = program_of({"m.py": SOURCE.format(body=body)})
    work = program.functions["m.work"]
    effects = program.effects.get()
    through = [each for edge in program.edges_from(work) for each in effects.through(edge)]
    for found in (list(effects.of(work)), through):
        assert sorted({each.detail for each in found if each.kind == "changes"}) == changed
