"""Calls kept from an earlier run are those that resolving everything gives, after any edit."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archguard.derive.program import build
from archguard.discover.services import find_services
from archguard.extract.files import extract_file
from archguard.knowledge import load
from archguard.link.answers import home_of
from archguard.link.types import Resolver
from archguard.model.policy import Policy
from archguard.model.program import Function, Program
from tests.support.programs import sources_of

POLICY = Policy(knowledge=load())

SNIPPETS = (
    "",
    "# only a comment",
    "import requests",
    "from pkg.a import *",
    "from pkg.a import Base, make, thing",
    "from pkg.b import Base, Service, make, other",
    "from pkg.b import Service as Base",
    "from . import a, b",
    "from .c import make as other, thing",
    "from pkg import thing, make, Service",
    "class Base:\n    def go(self):\n        return Base()\n    def run(self): ...",
    "class Base(Service):\n    @property\n    def it(self):\n        return make()",
    "class Service(Base):\n    x = make()\n    def go(self):\n        return super().go()",
    "class Service(Base):\n    def __init__(self):\n        self.x = other()\n    async def run(self): ...",
    "class Other(Service):\n    def go(self):\n        return self.x.go()\n    def __enter__(self): ...",
    "class Other(a.Base, requests.Session):\n    def __call__(self):\n        return thing",
    "def make():\n    return Service()",
    "def make() -> Base:\n    return other()",
    "async def make():\n    return thing.go()",
    "def make():\n    yield Base()",
    "def make(a=None):\n    a = a or Base()\n    a = a.go().go()\n    return a",
    "def other():\n    return make()",
    "def other() -> 'Alias':\n    return b.thing.x",
    "Alias = Base",
    "thing = make()",
    "thing: Service = other()",
    "thing = requests.Session()",
    "def boot(app):\n    app.state.thing = make()",
    "def boot(app):\n    app.state.thing = requests.Session()",
    "import functools\n@functools.lru_cache\ndef make():\n    return Service()",
    "def wrap(f):\n    async def inner():\n        f()\n    return inner",
    "@wrap\ndef other():\n    return thing.go()",
    "def use(app, one: Base, two: 'Service', *, three=Alias):\n    one.go().run()\n    two.x.go()\n"
    "    three.go()\n"
    "    app.state.thing.get('x')\n    one.it.go()\n    thing.go()\n    with other() as it:\n        it.go()",
    "async def handle(tasks):\n    await make()\n    tasks.add_task(other)\n    a.make()\n    b.thing.run()",
    "from fastapi import BackgroundTasks, Depends\n"
    "def serve(tasks: BackgroundTasks, x: Base = Depends(make)):\n    tasks.add_task(make)\n    x.go()",
)
FILES = ("pkg/__init__.py", "pkg/a.py", "pkg/b.py", "pkg/c.py", "tests/test_all.py", "script.py")

snippets = st.lists(st.integers(0, len(SNIPPETS) - 1), max_size=6)
projects = st.fixed_dictionaries(dict.fromkeys(FILES, snippets))
edits = st.lists(st.tuples(st.sampled_from(FILES), st.none() | snippets), min_size=1, max_size=4)


class Remembered:
    """Bytes that are kept, and how often."""

    def __init__(self, content: bytes | None = None) -> None:
        self.content = content
        self.times = 0

    def recall(self) -> bytes | None:
        return self.content

    def keep(self, content: bytes) -> None:
        self.content, self.times = content, self.times + 1


def program(files: Mapping[str, str], memory: Remembered | None = None) -> Program:
    sources = sources_of(files)
    facts = {f.path: extract_file(f.kind, sources.read(f.path)) for f in sources.files if f.kind != "other"}
    return build(facts, sources.files, find_services(sources), POLICY, memory=memory)


def shown(linked: Program) -> list[object]:
    """All calls and gaps, with nothing that differs from run to run."""

    def of(function: Function | None) -> str:
        return f"{function.module.path} {function.qualname}" if function is not None else ""

    edges = linked.edges.get()
    calls = [
        (of(e.caller), e.event, e.place, e.mode, of(e.callee), e.external, e.via, e.confidence, e.once)
        for each in edges.values()
        for e in each
    ]
    return [list(map(of, edges)), calls, sorted(linked.gaps.items())]


def text(numbers: list[int]) -> str:
    return "\n".join(SNIPPETS[number] for number in numbers) + "\n"


@given(projects, edits)
def test_after_any_edits_the_calls_are_those_of_a_first_run(
    project: dict[str, list[int]], changes: list[tuple[str, list[int] | None]]
) -> None:
    files = {path: text(numbers) for path, numbers in project.items()}
    memory = Remembered()
    shown(program(files, memory))
    for path, numbers in changes:
        if numbers is None:
            files.pop(path, None)
        else:
            files[path] = text(numbers)
        assert shown(program(files, memory)) == shown(program(files))


@given(projects, st.sampled_from(FILES), st.integers(0, 5), st.integers(0, len(SNIPPETS) - 1))
def test_after_a_small_edit_the_calls_are_those_of_a_first_run(
    project: dict[str, list[int]], path: str, place: int, snippet: int
) -> None:
    files = {path: text(numbers) for path, numbers in project.items()}
    memory = Remembered()
    shown(program(files, memory))
    numbers = project[path]
    files[path] = text([*numbers[:place], snippet, *numbers[place + 1 :]])
    assert shown(program(files, memory)) == shown(program(files))
    back = {path: text(numbers) for path, numbers in project.items()}
    assert shown(program(back, memory)) == shown(program(back))


SMALL = {
    "a.py": "import b\ndef run():\n    b.make().go()\n",
    "b.py": "import c\ndef make():\n    return c.Thing()\n",
    "c.py": "class Thing:\n    def go(self): ...\nclass Other:\n    def go(self): ...\n",
    "d.py": "import c\ndef apart():\n    c.Thing()\n",
}


def askers(linked: Program) -> set[str]:
    """The modules that had to ask another one anything."""
    linked.edges.get()
    assert isinstance(linked.types, Resolver)
    asked = linked.types.answers.asked.items()
    return {module.path for module, questions in asked if module is not None and any(map(home_of, questions))}


@pytest.mark.parametrize(
    ("path", "edited", "expected"),
    [
        ("b.py", "import c\n\n\ndef make():\n    return c.Thing()\n", {"b.py"}),
        ("b.py", "import c\ndef make():\n    return c.Other()\n", {"a.py", "b.py"}),
        ("c.py", SMALL["c.py"] + "class Third: ...\n", set[str]()),
    ],
    ids=["no answer changes", "an answer changes", "nobody asked"],
)
def test_an_edit_costs_what_it_changes_for_others(path: str, edited: str, expected: set[str]) -> None:
    memory = Remembered()
    assert askers(program(SMALL, memory)) == {"a.py", "b.py", "d.py"}
    assert askers(program({**SMALL, path: edited}, memory)) == expected


def test_nothing_is_written_where_nothing_has_changed() -> None:
    memory = Remembered()
    shown(program(SMALL, memory))
    assert askers(program(SMALL, memory)) == set()
    assert memory.times == 1


def test_what_is_kept_does_not_grow_for_ever() -> None:
    memory = Remembered()
    sizes = []
    for number in range(40):
        text = f"import b\ndef run_{number}():\n    b.make().go_{number}()\n    b.attribute_{number}()\n"
        edited = {**SMALL, "a.py": text}
        assert shown(program(edited, memory)) == shown(program(edited))
        sizes.append(len(memory.content or b""))
    assert max(sizes) < 4 * sizes[0]


@given(st.binary(max_size=200))
def test_what_cannot_be_read_is_found_out_again(noise: bytes) -> None:
    assert shown(program(SMALL, Remembered(noise))) == shown(program(SMALL))


def test_what_is_kept_of_another_program_is_not_used() -> None:
    memory = Remembered()
    shown(program(SMALL, memory))
    others = {f"src/{path}": text.replace("Thing", "Matter") for path, text in SMALL.items()}
    assert shown(program(others, memory)) == shown(program(others))
