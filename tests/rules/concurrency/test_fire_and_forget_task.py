"""What a dropped task's finding says."""

from __future__ import annotations

from archguard.model.finding import Finding, Severity
from archguard.rules.concurrency.fire_and_forget_task import check
from tests.support.programs import program_of

HEAD = "import asyncio\nasync def work(): ...\n"


def _findings(source: str) -> list[Finding]:
    return list(check(program_of({"main.py": HEAD + source})))


def test_two_tasks_of_one_coroutine_in_a_function_keep_apart() -> None:
    found = _findings("async def f():\n    asyncio.create_task(work())\n    asyncio.create_task(work())\n")
    assert [finding.key for finding in found] == ["main.f:work", "main.f:work#2"]


def test_the_finding_leads_to_what_runs_in_the_task() -> None:
    (finding,) = _findings("async def f():\n    asyncio.create_task(work())\n")
    assert [hop.span.line for hop in finding.related] == [2]
    assert finding.severity == Severity.MEDIUM


def test_a_name_that_is_read_in_a_nested_function_or_a_condition_keeps_the_task() -> None:
    start = "async def f():\n    task = asyncio.create_task(work())\n"
    source = start + "    def stop(): task.cancel()\n    return stop\n"
    assert _findings(source) == []
    source = (
        "async def f():\n    task = asyncio.create_task(work())\n    while not task.done():\n        pass\n"
    )
    assert _findings(source) == []


def test_an_object_that_only_has_a_method_of_that_name_starts_no_task() -> None:
    source = "class Board:\n    def create_task(self, name): ...\n"
    source += "def f(board: Board):\n    board.create_task(1)\n"
    assert _findings(source) == []
