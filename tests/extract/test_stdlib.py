"""Whatever Python file there is, its facts are whole and consistent."""

from __future__ import annotations

import sysconfig
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from archguard.extract.files import extract_file
from archguard.model.facts import FileFacts, PythonFacts, Result, Scope
from archguard.model.place import Place

STDLIB = Path(sysconfig.get_path("stdlib"))
FILES = sorted(p for p in STDLIB.rglob("*.py") if "site-packages" not in p.parts)
SAMPLE = FILES[::12]


@pytest.mark.parametrize("path", SAMPLE, ids=lambda p: p.relative_to(STDLIB).as_posix())
def test_the_facts_of_any_valid_file_are_consistent(path: Path) -> None:
    content = path.read_bytes()
    facts = extract_file("python", content)
    assert isinstance(facts, PythonFacts)
    if facts.problem is not None:
        assert "bad" in path.name or "test" in path.as_posix()
        return
    check(facts, content)


def check(facts: PythonFacts, content: bytes) -> None:
    """What holds of all facts."""
    lines = content.count(b"\n") + 1
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(facts), type=FileFacts) == facts
    for index, scope in enumerate(facts.scopes):
        assert scope.parent < index
        for number, region in enumerate(scope.regions):
            assert region.parent < number
        for number, event in enumerate(scope.events):
            assert 0 <= event.region < len(scope.regions)
            assert all(r.event < number for r in results(event))
        if index:
            parent = facts.scopes[scope.parent]
            assert scope.region < len(parent.regions)
            assert scope.position <= len(parent.events)
            assert all(r.event < len(parent.events) for part in header(scope) for r in results(part))
        assert all(r.event < len(scope.events) for region in scope.regions for r in results(region))
    for place in places(facts):
        assert 1 <= place.line <= place.end_line <= lines
        assert place.column >= 1
        assert (place.line, place.column) <= (place.end_line, place.end_column)


def header(scope: Scope) -> tuple[object, ...]:
    """What the parent evaluates."""
    return scope.decorators, scope.bases, scope.keywords, scope.returns, scope.parameters


def results(value: object) -> Iterator[Result]:
    """All results in a value."""
    if isinstance(value, Result):
        yield value
    else:
        for part in parts(value):
            yield from results(part)


def places(value: object) -> Iterator[Place]:
    """All places in a value."""
    if isinstance(value, Place):
        yield value
    else:
        for part in parts(value):
            yield from places(part)


def parts(value: object) -> Iterator[object]:
    """The parts of a struct or tuple."""
    if isinstance(value, tuple):
        yield from value
    elif isinstance(value, msgspec.Struct):
        yield from (getattr(value, f) for f in value.__struct_fields__)
