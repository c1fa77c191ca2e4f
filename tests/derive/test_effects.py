"""Effects: what a function's own calls do, and how that is carried up to those who call it."""

from __future__ import annotations

import pytest

from archguard.model.program import Effect
from tests.support.programs import program_of

HEAD = "import asyncio, functools, hashlib, queue, subprocess, threading, time, zmq\n"


@pytest.mark.parametrize(
    ("body", "effects"),
    [
        ("time.sleep(1)", [Effect("blocks", "sleep", "time.sleep")]),
        ("time.sleep(0)", []),
        ("threading.Lock().acquire()", [Effect("blocks", "lock", "threading.Lock.acquire")]),
        ("threading.Lock().acquire(blocking=False)", []),
        ("hashlib.scrypt(b'')", [Effect("computes", "cpu", "hashlib.scrypt")]),
        ("print(1)", []),
    ],
)
def test_what_a_functions_own_calls_do(body: str, effects: list[Effect]) -> None:
    program = program_of({"main.py": f"{HEAD}def f():\n    {body}\n"})
    assert [effect for _, effect in program.effects.get().own(program.functions["main.f"])] == effects


def test_an_effect_is_carried_up_through_calls_with_its_next_hop() -> None:
    source = "def a():\n    time.sleep(1)\ndef b():\n    a()\nasync def c():\n    b()\n"
    program = program_of({"main.py": HEAD + source})
    effects, top = program.effects.get(), program.functions["main.c"]
    ((effect, step),) = effects.of(top).items()
    assert (effect.kind, step.distance) == ("blocks", 3)
    assert [edge.callee.label if edge.callee else edge.external for edge in effects.chain(top, effect)] == [
        "b",
        "a",
        "time.sleep",
    ]


@pytest.mark.parametrize(
    "source",
    [
        "async def f():\n    await asyncio.to_thread(a)\n",
        "def f():\n    return a\n",
        "async def c():\n    a()\ndef f():\n    c()\n",
    ],
)
def test_what_runs_elsewhere_or_not_at_all_is_no_effect(source: str) -> None:
    program = program_of({"main.py": f"{HEAD}def a():\n    time.sleep(1)\n{source}"})
    assert program.effects.get().of(program.functions["main.f"]) == {}


def test_what_runs_once_in_a_process_is_no_effect_of_its_callers() -> None:
    source = "_kept = None\ndef a():\n    global _kept\n"
    source += "    if _kept is None:\n        _kept = load()\n    return _kept\n"
    program = program_of({"main.py": f"{HEAD}def load():\n    time.sleep(1)\n{source}"})
    effects = program.effects.get()
    assert effects.of(program.functions["main.load"]) != {}
    assert effects.of(program.functions["main.a"]) == {}


def test_a_recursion_ends_and_keeps_the_nearest_way() -> None:
    source = "def a(n):\n    b(n)\n    time.sleep(1)\ndef b(n):\n    a(n)\n"
    program = program_of({"main.py": HEAD + source})
    (step,) = program.effects.get().of(program.functions["main.b"]).values()
    assert step.distance == 2
