"""Which object the calls of a function are asked of."""

from __future__ import annotations

import pytest

from archguard.model.objects import by_object, receiver_of
from tests.support.programs import program_of

HEAD = "import sqlite3, smtplib, requests\n"
HEAD += "class Store:\n    def __init__(self): self.db = sqlite3.connect('a')\n"


def _lines(body: str, *, apart: frozenset[str] = frozenset()) -> dict[str, list[int]]:
    """The lines of each group, counted from the function's first."""
    program = program_of({"main.py": f"{HEAD}    def f(self, row):\n        {body}\n"})
    edges = [edge for edge in program.edges_from(program.functions["main.Store.f"]) if edge.external]
    groups = by_object(program, edges, apart)
    return {name: [edge.place.line - 4 for edge in found] for name, found in groups.items()}


@pytest.mark.parametrize(
    ("body", "groups"),
    [
        ("a = sqlite3.connect('a')\n        a.cursor().execute('b')", {"sqlite3": [1, 2, 2]}),
        ("c = self.db.cursor()\n        c.execute('b')\n        self.db.commit()", {"sqlite3": [1, 2, 3]}),
        ("with smtplib.SMTP('a') as s:\n            s.quit()", {"smtplib": [1, 2, 1]}),
        (
            "a = sqlite3.connect('a')\n        b = sqlite3.connect('b')\n        a.commit()",
            {"sqlite3": [1, 3], "sqlite3.connect": [2]},
        ),
        ("requests.get('a')\n        requests.get('b')", {"requests.get": [1, 2]}),
        ("requests.get('a')\n        requests.post('b')", {"requests.get": [1], "requests.post": [2]}),
    ],
)
def test_calls_of_one_object_are_a_group_and_others_go_by_their_function(
    body: str, groups: dict[str, list[int]]
) -> None:
    assert _lines(body) == groups


def test_objects_of_a_role_that_is_set_apart_are_no_group() -> None:
    body = "s = requests.Session()\n        s.get('a')\n        s.post('b')"
    assert set(_lines(body)) == {"requests"}
    names = {"requests.Session", "requests.Session.get", "requests.Session.post"}
    assert set(_lines(body, apart=frozenset({"http-client"}))) == names


def test_a_function_of_a_module_is_asked_of_no_object() -> None:
    program = program_of({"main.py": f"{HEAD}def f():\n    requests.get('a')\n"})
    (edge,) = program.edges_from(program.functions["main.f"])
    assert receiver_of(program, edge) is None
