"""Importing on paper: each module once, its packages before it, line after line, as Python would."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Union

import msgspec

from archguard.model.circles import Failure
from archguard.model.facts import Container, Expr, Name, Op, Write
from archguard.model.lookups import around, bound_name, mentions
from archguard.model.place import Place
from archguard.model.program import Module, ModuleImport, Program

_TRIED = 40
"""How many modules of a circle are tried as the first; larger circles are tried in part."""

_DEEPEST = 200


class _Bind(NamedTuple):
    names: tuple[str, ...]


_Step = Union[_Bind, ModuleImport]


class _State(msgspec.Struct):
    """One run: what every module has bound so far, which are half done, and the first failure."""

    first: Module
    bound: dict[Module, set[str]] = msgspec.field(default_factory=dict)
    running: list[Module] = msgspec.field(default_factory=list)
    failure: Failure | None = None


class ImportOrder:
    """What happens when a module is the first to be imported."""

    def __init__(self, program: Program) -> None:
        self._by_path = {module.path: module for module in program.modules.values()}
        self._imports: dict[Module, list[ModuleImport]] = {}
        self._steps: dict[Module, list[_Step]] = {}
        for each in program.imports:
            if not each.deferred and not each.typing_only and not is_only_for_script(each):
                self._imports.setdefault(each.importer, []).append(each)

    def first_failure(self, circle: Sequence[Module]) -> Failure | None:
        """The first of a circle's modules that cannot be the first to be imported."""
        for first in circle[:_TRIED]:
            state = _State(first)
            self._load(first, state)
            if state.failure is not None and state.failure.at.importer in circle:
                return state.failure
        return None

    def _load(self, module: Module, state: _State) -> None:
        for each in (*self._packages(module), module):
            if each not in state.bound:
                state.bound[each] = set()
                state.running.append(each)
                self._run(each, state)
                state.running.pop()

    def _packages(self, module: Module) -> list[Module]:
        """The packages around a module, the outermost first."""
        folders = _folder(module).split("/")
        paths = ("/".join([*folders[:depth], "__init__.py"]) for depth in range(1, len(folders) + 1))
        return [self._by_path[path] for path in paths if path in self._by_path]

    def _run(self, module: Module, state: _State) -> None:
        if len(state.running) > _DEEPEST:
            return
        for step in self._steps_of(module):
            if isinstance(step, _Bind):
                state.bound[module].update(step.names)
                continue
            self._load(step.imported, state)
            if state.failure is None and self._is_missing(step, state):
                state.failure = Failure(state.first, step)
            if step.name == "*":
                state.bound[module].update(state.bound[step.imported])

    def _is_missing(self, step: ModuleImport, state: _State) -> bool:
        """Whether a from-import asks a module that is half done for a name that it does not have yet."""
        target, name = step.imported, step.name
        if name is None or name == "*" or step.guarded or target not in state.running:
            return False
        inner = f"{_folder(target)}/{name}" if target.package else ""
        found = f"{inner}.py" in self._by_path or f"{inner}/__init__.py" in self._by_path
        return not found and name not in state.bound[target] and name in self._bindable(target)

    def _bindable(self, module: Module) -> set[str]:
        """The names that its steps will bind; others may come from where facts do not see."""
        steps = self._steps_of(module)
        names = {name for step in steps if isinstance(step, _Bind) for name in step.names}
        return set() if "__getattr__" in names else names

    def _steps_of(self, module: Module) -> list[_Step]:
        if module not in self._steps:
            timed: list[tuple[Place, int, _Step]] = [(e.place, 0, e) for e in self._imports.get(module, ())]
            timed += [(place, 1, _Bind(names)) for place, names in _bindings(module)]
            timed.sort(key=lambda entry: (entry[0].line, entry[0].column, entry[1]))
            self._steps[module] = [step for _, _, step in timed]
        return self._steps[module]


def is_only_for_script(each: ModuleImport) -> bool:
    """Whether an import stands under ``if __name__ == "__main__"`` and so never runs on import."""
    facts = each.importer.facts
    item = next((i for i in facts.imports if i.place == each.place), None)
    return item is not None and any(
        region.kind == "if" and mentions(region.subject, "__name__")
        for _, region in around(facts.scopes[item.scope], item.region)
    )


def _folder(module: Module) -> str:
    return module.path.rpartition("/")[0]


def _bindings(module: Module) -> Iterator[tuple[Place, tuple[str, ...]]]:
    """What a module's body binds, and where."""
    scopes = module.facts.scopes
    for event in scopes[0].events if scopes else ():  # no scopes: the file could not be parsed
        if isinstance(event, Write) and event.how != "del":
            yield event.place, tuple(_names(event.target))
    for scope in scopes[1:]:
        if scope.parent == 0:
            yield scope.place, (scope.name,)
    for item in module.facts.imports:
        if item.scope == 0:
            yield item.place, (bound_name(item),)


def _names(target: Expr) -> Iterator[str]:
    if isinstance(target, Name):
        yield target.id
    elif isinstance(target, Container):
        for item in target.items:
            yield from _names(item)
    elif isinstance(target, Op) and target.kind == "*":
        yield from _names(target.operands[0])
