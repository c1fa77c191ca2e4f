"""Whoever looks into another module asks a question there: nothing crosses unseen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec
import pytest

from archguard.link.answers import Frame
from archguard.link.types import Resolver
from archguard.model.program import Class, Function, Module, Program
from tests.link.test_calls import RESOLUTIONS
from tests.support.programs import program_of

STRUCTURE = {"name", "kind", "parent"}
"""What a scope's qualified name and its owner already say."""

PROJECTS = sorted(path for path in Path("tests/projects").iterdir() if path.is_dir())


class Watched:
    """Facts that only their own module may read, and questions about all modules."""

    def __init__(self, inner: object, module: Module, resolver: Resolver) -> None:
        self._inner, self._module, self._answers = inner, module, resolver.answers

    def __getattr__(self, name: str) -> object:
        assert name in STRUCTURE or may_look(self._answers.frame, self._module), (name, self._module)
        return getattr(self._inner, name)


def may_look(frame: Frame | None, module: Module) -> bool:
    return frame is None or frame.home is None or frame.home is module


def watch(program: Program) -> None:
    """Puts every scope and every module's facts, and whatever keeps what they say, under watch."""
    resolver = program.types
    assert isinstance(resolver, Resolver)
    items: list[Function | Class] = [*program.functions.values(), *program.classes.values()]
    for item in items:
        msgspec.structs.force_setattr(item, "scope", Watched(item.scope, item.module, resolver))
    for module in program.modules.values():
        msgspec.structs.force_setattr(module, "facts", Watched(module.facts, module, resolver))
    bindings, classes = resolver.bindings, resolver.classes
    for owner, name in [
        (bindings, "of"), (bindings, "children"), (bindings, "imports"), (bindings, "stars"),
        (classes, "methods"), (classes, "assignments"),
    ]:  # fmt: skip
        setattr(owner, name, guarded(getattr(owner, name), resolver))


def guarded(look: Callable[..., object], resolver: Resolver) -> Callable[..., object]:
    def watched(subject: Function | Class | Module, *details: str) -> object:
        module = subject if isinstance(subject, Module) else subject.module
        assert may_look(resolver.answers.frame, module), (look.__name__, subject)
        return look(subject, *details)

    return watched


def resolved(files: Mapping[str, str] | Path) -> int:
    program = program_of(files)
    watch(program)
    return sum(len(edges) for edges in program.edges.get().values())


@pytest.mark.parametrize("what", RESOLUTIONS)
def test_a_small_program_is_resolved_without_looking_past_a_question(what: str) -> None:
    source, others, _ = RESOLUTIONS[what]
    assert resolved({"main.py": source, **{f"{name}.py": text for name, text in others.items()}})


@pytest.mark.parametrize("project", PROJECTS, ids=lambda path: path.name)
def test_a_service_is_resolved_without_looking_past_a_question(project: Path) -> None:
    assert resolved(project)
