"""Time limits of calls: what was given, what the client has, and deadlines around an await."""

from __future__ import annotations

import pytest

from tests.support.programs import program_of

HEAD = "import asyncio, requests, httpx\nfrom fastapi import FastAPI\nLIMIT = 5\nNEVER = None\n"


@pytest.mark.parametrize(
    ("body", "symbols"),
    [
        ("requests.get('x')", ["requests.get"]),
        ("requests.get('x', timeout=LIMIT)", []),
        ("requests.get('x', timeout=NEVER)", ["requests.get"]),
        ("requests.get('x', **{'timeout': LIMIT})", []),
        ("requests.get('x', **{'verify': True})", ["requests.get"]),
        ("httpx.get('x')", []),
        ("httpx.get('x', timeout=httpx.Timeout(None))", ["httpx.get"]),
        ("requests.post('x')\n    requests.get('x')", ["requests.post", "requests.get"]),
    ],
)
def test_a_call_is_unlimited_by_its_clients_real_default(body: str, symbols: list[str]) -> None:
    program = program_of({"main.py": f"{HEAD}def f():\n    {body}\n"})
    unlimited = program.derived.limits.get().unlimited(program.functions["main.f"])
    assert [edge.external for edge, _ in unlimited] == symbols


@pytest.mark.parametrize(
    ("body", "bounded"),
    [
        ("await work()", False),
        ("async with asyncio.timeout(5):\n        await work()", True),
        ("async with asyncio.timeout(None):\n        await work()", False),
        ("await asyncio.wait_for(work(), 5)", True),
        ("await asyncio.wait_for(work(), timeout=None)", False),
        ("async with lock:\n        await work()", False),
    ],
)
def test_a_deadline_bounds_whatever_is_awaited_under_it(body: str, *, bounded: bool) -> None:
    source = f"{HEAD}async def work(): ...\nasync def f(lock):\n    {body}\n"
    program = program_of({"main.py": source})
    edges = program.edges_from(program.functions["main.f"])
    (edge,) = [each for each in edges if each.callee is program.functions["main.work"]]
    assert program.derived.limits.get().is_bounded(edge) == bounded
