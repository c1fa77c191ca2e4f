"""What functions run on: contexts start at roots and follow calls, tasks and threads."""

from __future__ import annotations

import pytest

from archguard.model.program import Context, Program
from tests.support.programs import program_of

APP = "from fastapi import Depends, FastAPI, BackgroundTasks\napp = FastAPI()\n"

CASES: dict[str, tuple[str, Context]] = {
    "an async route runs on the loop": ("@app.get('/')\nasync def f(): ...\n", Context.LOOP),
    "a plain route runs in the thread pool": ("@app.get('/')\ndef f(): ...\n", Context.THREADPOOL),
    "what an async route calls runs on the loop": (
        "def f(): ...\n@app.get('/')\nasync def r():\n    f()\n",
        Context.LOOP,
    ),
    "what it moves to a thread does not": (
        "import asyncio\ndef f(): ...\n@app.get('/')\nasync def r():\n    await asyncio.to_thread(f)\n",
        Context.THREADPOOL,
    ),
    "a dependency of an annotation runs on the loop": (
        "from typing import Annotated\nasync def f(): ...\n"
        "@app.get('/')\nasync def r(x: Annotated[int, Depends(f)]): ...\n",
        Context.LOOP,
    ),
    "a plain dependency runs in the thread pool": (
        "def f(): ...\n@app.get('/')\nasync def r(x=Depends(f)): ...\n",
        Context.THREADPOOL,
    ),
    "a plain background task runs in the thread pool": (
        "def f(): ...\n@app.get('/')\nasync def r(b: BackgroundTasks):\n    b.add_task(f)\n",
        Context.THREADPOOL,
    ),
    "an async background task runs on the loop": (
        "async def f(): ...\n@app.get('/')\nasync def r(b: BackgroundTasks):\n    b.add_task(f)\n",
        Context.LOOP,
    ),
    "a start-up handler is not serving yet": (
        "@app.on_event('startup')\nasync def f(): ...\n",
        Context.STARTUP,
    ),
    "a task that start-up starts runs while serving": (
        "import asyncio\nasync def f(): ...\n"
        "@app.on_event('startup')\nasync def s():\n    asyncio.create_task(f())\n",
        Context.LOOP,
    ),
    "http middleware runs on the loop": (
        "@app.middleware('http')\nasync def f(request, call_next): ...\n",
        Context.LOOP,
    ),
    "a command is a command": ("import click\n@click.command()\ndef f(): ...\n", Context.CLI),
    "what a script runs under its guard is a command": (
        "def f(): ...\nif __name__ == '__main__':\n    f()\n",
        Context.CLI,
    ),
    "what a module calls in its body happens at import": ("def f(): ...\nf()\n", Context.IMPORT),
    "asyncio.run starts a loop of its own": (
        "import asyncio\nasync def f(): ...\nif __name__ == '__main__':\n    asyncio.run(f())\n",
        Context.PRIVATE_LOOP,
    ),
    "a job of a queue is a worker's": (
        "from celery import shared_task\n@shared_task\ndef f(): ...\n",
        Context.WORKER,
    ),
    "a task that a queued job starts stays with the job": (
        "import asyncio\nfrom rq import Queue\nasync def f(): ...\n"
        "async def job():\n    await asyncio.gather(f())\n"
        "@app.get('/')\nasync def r():\n    Queue().enqueue(job)\n",
        Context.PROCESS,
    ),
    "a coroutine nobody is seen to run is unproved": ("async def f(): ...\n", Context.UNPROVED),
    "a thread is a thread": (
        "import threading\ndef f(): ...\n@app.get('/')\ndef r():\n    threading.Thread(target=f).start()\n",
        Context.THREAD,
    ),
}


def program(source: str) -> Program:
    return program_of({"main.py": APP + source})


@pytest.mark.parametrize("what", CASES)
def test_context(what: str) -> None:
    source, expected = CASES[what]
    linked = program(source)
    assert linked.contexts.get().of(linked.functions["main.f"]) == expected


def test_a_function_reached_from_loop_and_thread_has_both_contexts() -> None:
    linked = program(
        "def f(): ...\n@app.get('/a')\nasync def a():\n    f()\n@app.get('/b')\ndef b():\n    f()\n"
    )
    assert linked.contexts.get().of(linked.functions["main.f"]) == Context.LOOP | Context.THREADPOOL


def test_roots_come_nearest_first_with_their_shortest_chain() -> None:
    linked = program(
        "def sink(): ...\ndef far():\n    sink()\n"
        "@app.get('/far')\nasync def a():\n    far()\n@app.get('/near')\nasync def b():\n    sink()\n"
    )
    contexts = linked.contexts.get()
    sink = linked.functions["main.sink"]
    roots = contexts.roots(sink, Context.LOOP)
    assert [root.label for root in roots] == ["GET /near", "GET /far"]
    chain = contexts.chain(roots[1], sink, Context.LOOP)
    assert [edge.callee.qualname for edge in chain if edge.callee] == ["main.far", "main.sink"]


def test_recursion_ends() -> None:
    linked = program("def f(n):\n    g(n)\ndef g(n):\n    f(n)\n@app.get('/')\nasync def r():\n    f(1)\n")
    contexts = linked.contexts.get()
    assert contexts.of(linked.functions["main.g"]) == Context.LOOP
    assert len(contexts.roots(linked.functions["main.g"], Context.LOOP)) == 1


def test_effects_carry_the_shortest_chain_to_the_sink() -> None:
    linked = program(
        "import time\ndef sink():\n    time.sleep(1)\ndef far():\n    sink()\n"
        "def both():\n    far()\n    sink()\n"
    )
    effects = linked.effects.get()
    both = linked.functions["main.both"]
    (effect,) = effects.of(both)
    assert (effect.kind, effect.detail, effect.sink) == ("blocks", "sleep", "time.sleep")
    names = [edge.callee.qualname if edge.callee else edge.external for edge in effects.chain(both, effect)]
    assert names == ["main.sink", "time.sleep"]


def test_an_effect_does_not_pass_through_a_thread_or_a_coroutine_that_is_only_created() -> None:
    linked = program(
        "import asyncio, time\ndef sink():\n    time.sleep(1)\nasync def co():\n    sink()\n"
        "async def moved():\n    await asyncio.to_thread(sink)\ndef created():\n    co()\n"
    )
    effects = linked.effects.get()
    assert not effects.of(linked.functions["main.moved"])
    assert not effects.of(linked.functions["main.created"])
    assert effects.of(linked.functions["main.co"])
