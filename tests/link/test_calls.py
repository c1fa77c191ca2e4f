"""Calls resolve through modules, types, classes and whatever runs a callable it is handed."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from archguard.model.program import Program
from tests.support.programs import program_of


def edges(program: Program, caller: str) -> set[tuple[str, str]]:
    """What a function calls: qualified or external name, and the mode."""
    found = program.edges_from(program.functions[caller])
    return {(edge.callee.qualname if edge.callee else edge.external, edge.mode) for edge in found}


def called(source: str, others: Mapping[str, str] | None = None) -> set[tuple[str, str]]:
    """The edges of ``main.run`` in a small program."""
    files = {"main.py": source, **{f"{name}.py": text for name, text in (others or {}).items()}}
    return edges(program_of(files), "main.run")


RESOLUTIONS = {
    "a function of another module": (
        "from helpers import fetch\ndef run():\n    fetch()\n",
        {"helpers": "def fetch(): ...\n"},
        ("helpers.fetch", "call"),
    ),
    "a module alias": (
        "import helpers as h\ndef run():\n    h.fetch()\n",
        {"helpers": "def fetch(): ...\n"},
        ("helpers.fetch", "call"),
    ),
    "a re-export of a package": (
        "from pkg import fetch\ndef run():\n    fetch()\n",
        {"pkg/__init__": "from .inner import fetch\n", "pkg/inner": "def fetch(): ...\n"},
        ("pkg.inner.fetch", "call"),
    ),
    "a star import": (
        "from helpers import *\ndef run():\n    fetch()\n",
        {"helpers": "def fetch(): ...\n"},
        ("helpers.fetch", "call"),
    ),
    "a library function under an alias": (
        "import requests as rq\ndef run():\n    rq.get('x')\n",
        {},
        ("requests.get", "call"),
    ),
    "a method of a library object kept on self": (
        "import requests\nclass A:\n    def __init__(self):\n        self.s = requests.Session()\n"
        "def run():\n    A().s.get('x')\n",
        {},
        ("requests.Session.get", "call"),
    ),
    "a parameter by its annotation": (
        "class A:\n    def go(self): ...\ndef run(a: 'A | None'):\n    a.go()\n",
        {},
        ("main.A.go", "call"),
    ),
    "the type in Annotated": (
        "from typing import Annotated\nfrom fastapi import Depends\nclass A:\n    def go(self): ...\n"
        "def get(): ...\nDep = Annotated[A, Depends(get)]\ndef run(a: Dep):\n    a.go()\n",
        {},
        ("main.A.go", "call"),
    ),
    "what a dependency returns": (
        "from fastapi import Depends\nclass A:\n    def go(self): ...\n"
        "def get():\n    yield A()\ndef run(a=Depends(get)):\n    a.go()\n",
        {},
        ("main.A.go", "call"),
    ),
    "an inferred return": (
        "class A:\n    def go(self): ...\ndef make():\n    a = A()\n    return a\n"
        "def run():\n    make().go()\n",
        {},
        ("main.A.go", "call"),
    ),
    "an inherited method": (
        "class B:\n    def go(self): ...\nclass A(B): ...\ndef run():\n    A().go()\n",
        {},
        ("main.B.go", "call"),
    ),
    "a method inherited from a library class": (
        "import requests\nclass A(requests.Session): ...\ndef run():\n    A().get('x')\n",
        {},
        ("requests.Session.get", "call"),
    ),
    "super": (
        "class B:\n    def run(self): ...\nclass A(B):\n    def run(self):\n        super().run()\n"
        "def run():\n    A().run()\n",
        {},
        ("main.A.run", "call"),
    ),
    "an override of an abstract receiver": (
        "class B:\n    def go(self): ...\nclass A(B):\n    def go(self): ...\ndef run(b: B):\n    b.go()\n",
        {},
        ("main.A.go", "call"),
    ),
    "a module singleton": (
        "from state import service\ndef run():\n    service.go()\n",
        {"state": "class S:\n    def go(self): ...\nservice = S()\n"},
        ("state.S.go", "call"),
    ),
    "a name bound again to a call on itself": (
        "def tidy(text):\n    return run(text)\ndef run(text: str):\n    text = text.lower().split('@')[0]\n"
        "    return text\ntidy('A').upper()\n",
        {},
        ("str.lower().split", "call"),
    ),
    "an element of a dict of objects": (
        "class A:\n    def go(self): ...\nTABLE = {'a': A()}\ndef run(key):\n    TABLE[key].go()\n",
        {},
        ("main.A.go", "call"),
    ),
    "a class picked from a module at run time": (
        "import importlib\ndef run(name):\n    m = importlib.import_module('kinds')\n"
        "    getattr(m, name)().go()\n",
        {"kinds": "class B:\n    def go(self): ...\nclass A(B):\n    def go(self): ...\n"},
        ("kinds.A.go", "call"),
    ),
    "an attribute set on the application": (
        "from fastapi import Request\ndef run(request: Request):\n    request.app.state.db.go()\n",
        {"boot": "class D:\n    def go(self): ...\ndef boot(app):\n    app.state.db = D()\n"},
        ("boot.D.go", "call"),
    ),
    "a session made by a library's factory": (
        "from sqlalchemy.orm import sessionmaker\nSessionLocal = sessionmaker()\n"
        "def run():\n    with SessionLocal() as db:\n        db.execute('x')\n",
        {},
        ("sqlalchemy.orm.Session.execute", "call"),
    ),
    "a collection by subscripts": (
        "from pymongo import MongoClient\nc = MongoClient()\ndef run():\n    c['db']['users'].find_one()\n",
        {},
        ("pymongo.collection.Collection.find_one", "call"),
    ),
    "the end of a with block that waits": (
        "import psycopg2\ndef run(dsn):\n    with psycopg2.connect(dsn) as connection:\n        pass\n",
        {},
        ("psycopg2.extensions.connection.__exit__", "call"),
    ),
    "a property": (
        "class A:\n    @property\n    def size(self): ...\ndef run(a: A):\n    return a.size\n",
        {},
        ("main.A.size", "call"),
    ),
    "a context manager": (
        "class A:\n    def __enter__(self): ...\n    def __exit__(self, *a): ...\n"
        "def run():\n    with A():\n        pass\n",
        {},
        ("main.A.__enter__", "call"),
    ),
    "a constructor": (
        "class A:\n    def __init__(self): ...\ndef run():\n    A()\n",
        {},
        ("main.A.__init__", "call"),
    ),
    "an awaited coroutine": (
        "async def f(): ...\nasync def run():\n    await f()\n",
        {},
        ("main.f", "await"),
    ),
    "a coroutine handed to create_task": (
        "import asyncio\nasync def f(): ...\nasync def run():\n    asyncio.create_task(f())\n",
        {},
        ("main.f", "task"),
    ),
    "coroutines gathered from a comprehension": (
        "import asyncio\nasync def f(x): ...\n"
        "async def run():\n    await asyncio.gather(*[f(x) for x in 'ab'])\n",
        {},
        ("main.f", "task"),
    ),
    "a function moved to a thread": (
        "import asyncio\ndef f(): ...\nasync def run():\n    await asyncio.to_thread(f)\n",
        {},
        ("main.f", "threadpool"),
    ),
    "a function given to an executor": (
        "import asyncio\ndef f(): ...\nasync def run():\n"
        "    loop = asyncio.get_running_loop()\n    await loop.run_in_executor(None, f)\n",
        {},
        ("main.f", "threadpool"),
    ),
    "the target of a thread": (
        "import threading\ndef f(): ...\ndef run():\n    threading.Thread(target=f).start()\n",
        {},
        ("main.f", "thread"),
    ),
    "a coroutine nobody awaits": (
        "async def f(): ...\ndef run():\n    f()\n",
        {},
        ("main.f", "create"),
    ),
}


@pytest.mark.parametrize("what", RESOLUTIONS)
def test_a_call_resolves_through(what: str) -> None:
    source, others, expected = RESOLUTIONS[what]
    assert expected in called(source, others)


def test_a_function_moved_to_a_thread_is_not_also_called_on_the_loop() -> None:
    found = called("import asyncio\ndef f(): ...\nasync def run():\n    await asyncio.to_thread(f)\n")
    assert ("main.f", "call") not in found


def test_a_constructed_receiver_means_its_own_method_not_an_override() -> None:
    found = called(
        "class B:\n    def go(self): ...\nclass A(B):\n    def go(self): ...\ndef run():\n    B().go()\n"
    )
    assert ("main.B.go", "call") in found
    assert ("main.A.go", "call") not in found


def test_a_method_name_alone_never_resolves() -> None:
    found = called("class A:\n    def upload(self): ...\ndef run(x):\n    x.upload()\n")
    assert not any(name == "main.A.upload" for name, _ in found)


def test_two_services_with_the_same_module_names_each_get_their_own() -> None:
    files = {
        f"{service}/app/{name}.py": text.format(service)
        for service in ("one", "two")
        for name, text in {
            "__init__": "",
            "main": "from app.work import do\ndef run():\n    do()\n",
            "work": "def do(): ...\n",
        }.items()
    }
    program = program_of(files)
    for module in program.modules.values():
        if module.path.endswith("main.py"):
            run = next(f for f in program.scopes[module] if f.scope.name == "run")
            (edge,) = program.edges_from(run)
            assert edge.callee is not None
            assert edge.callee.module.path.split("/")[0] == module.path.split("/")[0]


def test_a_package_hides_the_file_of_the_same_name_beside_it() -> None:
    program = program_of(
        {
            "main.py": "from helpers import fetch\ndef run():\n    fetch()\n",
            "helpers.py": "def fetch(): ...\n",
            "helpers/__init__.py": "def fetch(): ...\n",
        }
    )
    assert edges(program, "main.run") == {("helpers.fetch", "call")}
    assert program.functions["helpers.fetch"].span.path == "helpers/__init__.py"
    assert [module.path for module in program.scopes] == ["helpers.py", "helpers/__init__.py", "main.py"]


def test_a_folder_named_like_a_library_does_not_hide_the_library() -> None:
    program = program_of(
        {
            "alembic/versions/one.py": "from alembic import op\ndef upgrade():\n    op.execute('x')\n",
            "tasks/send.py": "def go(): ...\n",
            "main.py": "from tasks import send\ndef run():\n    send.go()\n",
        }
    )
    (upgrade,) = [f for f in program.functions.values() if f.scope.name == "upgrade"]
    assert [edge.external for edge in program.edges_from(upgrade)] == ["alembic.op.execute"]
    assert edges(program, "main.run") == {("tasks.send.go", "call")}
