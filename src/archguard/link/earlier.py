"""Calls resolved in an earlier run, and which of them still hold.

A module's calls depend on its own facts and on the answers that it got from other modules
(`archguard.link.answers`); both are kept. When files have changed, what others had asked of them is asked
again. Whoever would get another answer now is resolved anew, and what others had asked of him is asked
again in turn. So an edit costs what it changes for others, and the calls are those that resolving
everything would give.

Nothing kept is trusted: what cannot be read, or is of another program, is as if it were not there.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping

from archguard.link.answers import Subject
from archguard.link.calls import CallGraph, ModuleCalls
from archguard.link.kept_calls import NOBODY, Kept, KeptModule, KeptQuestion, Memory, Writer, read
from archguard.link.spelled import spelled
from archguard.link.types import Resolver
from archguard.model.policy import Mode
from archguard.model.program import Class, Edge, Function, Module

_GONE = "gone"
"""In place of an answer: nobody is there any more to be asked about."""


class EarlierCalls:
    """Resolves the calls of a program, with the help of what is kept from the last time."""

    def __init__(
        self,
        resolver: Resolver,
        functions: Mapping[str, Function],
        classes: Iterable[Class],
        digests: Mapping[str, str],
    ) -> None:
        self._types = resolver
        self._graph = CallGraph(resolver)
        self._functions = functions
        self._classes = tuple(classes)
        self._digests = digests

    def resolve(self, memory: Memory | None) -> dict[Module, ModuleCalls]:
        """The calls of every module but tests: the kept ones where they hold, the others resolved now."""
        if memory is None:
            return self._merged({})
        layout = hashlib.sha256(repr(self._types.modules.layout()).encode()).hexdigest()
        kept = read(memory.recall(), layout) or Kept(layout, 0, [], [], {})
        holding, answers = self._holding(kept)
        try:
            earlier = {module: self._restored(kept, found, module) for module, found in holding.items()}
        except (KeyError, IndexError):  # it names what is not there, so it is not ours
            kept, holding, answers, earlier = Kept(layout, 0, [], [], {}), {}, {}, {}
        calls = self._merged(earlier)
        if len(holding) < len(self._types.scopes) and not self._types.answers.tangled:
            memory.keep(self._rewritten(kept, holding, answers, calls))
        return calls

    def _merged(self, earlier: Mapping[Module, ModuleCalls]) -> dict[Module, ModuleCalls]:
        return {
            module: earlier.get(module) or self._graph.of(module)
            for module in self._types.scopes
            if module.role != "test"  # no rule asks what a test calls
        }

    def _restored(self, kept: Kept, found: KeptModule, module: Module) -> ModuleCalls:
        scopes, texts, functions = self._types.scopes[module], kept.texts, self._functions
        edges: list[list[Edge]] = [[] for _ in scopes]
        for scope, event, place, mode, callee, external, via, confidence, once in found.edges:
            to = functions[texts[callee]] if callee >= 0 else None
            runs: Mode = texts[mode]  # type: ignore[assignment]
            edges[scope].append(
                Edge(scopes[scope], event, place, runs, to, texts[external], texts[via], confidence, once)
            )
        return ModuleCalls(
            {function: tuple(each) for function, each in zip(scopes, edges, strict=True)},
            found.gaps,
            {scopes[index]: events for index, events in found.routers.items()},
        )

    # --- what holds -----------------------------------------------------------------------------------

    def _holding(self, kept: Kept) -> tuple[dict[Module, KeptModule], dict[int, str]]:
        """The modules whose calls are what they were, and the answers that are not."""
        found = {kept.texts[number]: module for number, module in kept.modules.items()}
        modules = {module: found[module.path] for module in self._types.scopes if module.path in found}
        same = {module for module, each in modules.items() if each.digest == self._digest(module) != ""}
        if not same:
            return {}, {}
        changes = _Changes(kept, self._types, self._classes, modules)
        changes.spread({module for module in self._types.scopes if module not in same})
        return {m: each for m, each in modules.items() if m not in changes.changed}, changes.answers

    def _digest(self, module: Module) -> str:
        """What a module's facts were made from; empty where that could be anything."""
        problem = module.facts.problem
        unread = problem is not None and problem.kind == "unreadable"
        return "" if unread else self._digests.get(module.path, "")

    def _rewritten(
        self,
        kept: Kept,
        holding: Collection[Module],
        answers: Mapping[int, str],
        calls: Mapping[Module, ModuleCalls],
    ) -> bytes:
        writer = Writer(kept, self._types.answers)
        for number, answer in answers.items():
            writer.answered(number, answer)
        for module in self._types.scopes:
            if module in holding:
                writer.more(module)
            else:
                found = calls.get(module)
                known = found is None or all(map(self._is_known, found.edges.values()))
                writer.module(module, self._digest(module) if known else "", found)
        return writer.written()

    def _is_known(self, edges: Iterable[Edge]) -> bool:
        """Whether the names of all callees lead back to them."""
        called = (edge.callee for edge in edges if edge.callee is not None)
        return all(self._functions.get(callee.qualname) is callee for callee in called)


class _Changes:
    """Follows a change from module to module along the questions that are answered otherwise now."""

    def __init__(
        self,
        kept: Kept,
        resolver: Resolver,
        classes: Iterable[Class],
        modules: Mapping[Module, KeptModule],
    ) -> None:
        self._kept = kept
        self._types = resolver
        self._paths = {module.path: module for module in resolver.scopes}
        self._classes: dict[Module, list[Class]] = defaultdict(list)
        for cls in classes:
            self._classes[cls.module].append(cls)
        self._askers: dict[int, list[Module]] = defaultdict(list)
        self._entangled: dict[str, list[Module]] = defaultdict(list)
        for module, each in modules.items():
            for number in each.asked:
                self._askers[number].append(module)
            for home in each.entangled:
                self._entangled[self._path(home)].append(module)
        self._by_home: dict[str, list[int]] = defaultdict(list)
        for number in self._askers:
            self._by_home[self._place(kept.questions[number])].append(number)
        self._subjects: dict[str, Mapping[str, Subject]] = {}
        self.changed: set[Module] = set()
        self.answers: dict[int, str] = {}

    def _place(self, question: KeptQuestion) -> str:
        """The path of the module whose change makes it worth asking again; empty for that of any."""
        table = self._types.answers.tables.get(self._kept.texts[question.kind])
        return "" if table is None or table.everywhere else self._path(question.about)

    def _path(self, about: int) -> str:
        return "" if about == NOBODY else self._kept.texts[about]

    def spread(self, changed: set[Module]) -> None:
        """Marks these modules, and all whose calls depend on what has changed in them."""
        self.changed = set(changed)
        todo = sorted(changed, key=lambda module: module.path)
        if todo:
            todo += self._asked_again("")
        while todo:
            todo += self._asked_again(todo.pop().path)

    def _asked_again(self, path: str) -> Iterator[Module]:
        """The modules that one module's new answers change."""
        for number in self._by_home.get(path, ()):
            question = self._kept.questions[number]
            answer = self._answer(question)
            if answer != self._kept.texts[question.answer]:
                self.answers[number] = answer
                yield from self._mark(self._askers[number])
        yield from self._mark(self._entangled.get(path, ()))

    def _mark(self, modules: Iterable[Module]) -> Iterator[Module]:
        for module in modules:
            if module not in self.changed:
                self.changed.add(module)
                yield module

    def _answer(self, question: KeptQuestion) -> str:
        table = self._types.answers.tables.get(self._kept.texts[question.kind])
        subjects = self._subjects_of(self._path(question.about))
        named = self._kept.texts[question.subject]
        if table is None or named not in subjects:
            return _GONE
        return spelled(table.get(subjects[named], question.detail))

    def _subjects_of(self, path: str) -> Mapping[str, Subject]:
        """Whom questions about a module are about, by their text."""
        found = self._subjects.get(path)
        if found is None:
            module = self._paths.get(path)
            about: list[Subject] = [None]
            if module is not None:
                about = [*self._types.scopes[module], *self._classes[module]]
            found = self._subjects[path] = {spelled(each): each for each in about}
        return found
