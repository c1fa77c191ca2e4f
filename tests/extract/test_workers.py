"""All files to facts, the same whatever the cache, the processes and the accidents."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from archguard.extract import workers
from archguard.extract.files import extract_file
from archguard.extract.workers import extract_all
from archguard.model.facts import FileFacts, PythonFacts
from archguard.model.sources import FileKind, SourceFile

KINDS: Mapping[str, FileKind] = {".py": "python", ".sql": "sql"}


class Memory:
    """A snapshot in memory."""

    label = "memory"

    def __init__(self, content: Mapping[str, str]) -> None:
        self.content = {path: text.encode() for path, text in content.items()}
        self.files = tuple(self._file(path, data) for path, data in sorted(self.content.items()))

    def _file(self, path: str, data: bytes) -> SourceFile:
        kind = KINDS.get(Path(path).suffix, "other")
        return SourceFile(path, kind, "source", hashlib.sha256(data).hexdigest(), len(data))

    def read(self, path: str) -> bytes:
        if path.startswith("gone"):
            raise FileNotFoundError(path)
        return self.content[path]


FILES = {
    "a.py": "import os\n",
    "b.py": "def f():\n    return g()\n",
    "same.py": "import os\n",
    "s.sql": "SELECT 1;\n",
    "note.txt": "text",
}


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "PARALLEL_FROM", 0)
    monkeypatch.setattr(workers, "CHUNK", 10)


def problem_of(facts: FileFacts) -> str:
    return facts.problem.kind if facts.problem else ""


def test_every_python_and_sql_file_has_facts() -> None:
    extraction = extract_all(Memory(FILES), None, None)
    assert sorted(extraction.facts) == ["a.py", "b.py", "s.sql", "same.py"]
    assert extraction.cached == 0


def test_what_is_cached_is_counted_by_file(tmp_path: Path) -> None:
    first = extract_all(Memory(FILES), tmp_path, None)
    second = extract_all(Memory(FILES), tmp_path, None)
    assert (first.cached, second.cached) == (0, 4)
    assert first.facts == second.facts


@pytest.mark.usefixtures("processes")
def test_processes_find_what_one_finds(tmp_path: Path) -> None:
    files = {f"m{n}.py": f"x{n} = f({n})\n" for n in range(20)} | FILES
    alone = extract_all(Memory(files), None, 1)
    together = extract_all(Memory(files), tmp_path, 2)
    assert together == alone
    assert list(together.facts) == list(alone.facts)
    assert extract_all(Memory(files), tmp_path, 2).cached == len(alone.facts)


def test_a_file_that_cannot_be_read_costs_only_itself() -> None:
    facts = extract_all(Memory({"gone.py": "x = 1\n", "here.py": "x = 2\n"}), None, None).facts
    assert problem_of(facts["gone.py"]) == "unreadable"
    assert problem_of(facts["here.py"]) == ""


def test_a_defect_of_the_extractor_costs_one_file_and_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = extract_file

    def broken(kind: FileKind, content: bytes) -> FileFacts:
        if b"boom" in content:
            raise KeyError("the source itself")
        return real(kind, content)

    monkeypatch.setattr(workers, "extract_file", broken)
    sources = Memory({"bad.py": "boom()\n", "good.py": "x = 1\n"})
    facts = extract_all(sources, tmp_path, None).facts
    assert problem_of(facts["bad.py"]) == "unreadable"
    assert facts["bad.py"].problem is not None
    assert "source itself" not in facts["bad.py"].problem.message
    assert extract_all(sources, tmp_path, None).cached == 1


@pytest.mark.usefixtures("processes")
def test_a_file_that_kills_its_process_costs_only_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    real = extract_file
    parent = os.getpid()

    def deadly(kind: FileKind, content: bytes) -> FileFacts:
        if b"boom" in content and os.getpid() != parent:
            os._exit(1)
        return real(kind, content)

    monkeypatch.setattr(workers, "extract_file", deadly)
    files = {f"m{n}.py": f"x{n} = f({n})\n" for n in range(6)} | {"bad.py": "boom()\n"}
    facts = extract_all(Memory(files), None, 2).facts
    assert problem_of(facts.pop("bad.py")) == "unreadable"
    assert {problem_of(f) for f in facts.values()} == {""}
    assert all(isinstance(f, PythonFacts) and f.scopes for f in facts.values())
