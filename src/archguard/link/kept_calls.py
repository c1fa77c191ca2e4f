"""The calls of a program as they are kept between runs, and what they depend on."""

from __future__ import annotations

from typing import NamedTuple, Protocol

import msgspec

from archguard.link.answers import Answers, Question
from archguard.link.calls import ModuleCalls
from archguard.link.spelled import spelled
from archguard.model.finding import Confidence
from archguard.model.place import Place
from archguard.model.program import Edge, Module

NOBODY = -1
"""In place of a text, a function or a module: none, or all of them."""

_GROWTH = 2
"""Texts are only added; when there are so many times the first ones, everything is written anew."""


class Memory(Protocol):
    """Where bytes are kept until the next run."""

    def recall(self) -> bytes | None:
        """What was kept last, if it is whole."""

    def keep(self, content: bytes) -> None:
        """Keeps this instead."""


class KeptEdge(NamedTuple):
    """An edge; its caller is the scope of this index, texts are indexes too."""

    scope: int
    event: int
    place: Place
    mode: int
    callee: int
    external: int
    via: int
    confidence: Confidence
    once: bool


class KeptQuestion(NamedTuple):
    """A question about somebody in another module, or in all of them, and the answer that it got."""

    kind: int
    subject: int
    detail: str | int | None
    about: int
    answer: int


class KeptModule(msgspec.Struct, array_like=True, gc=False, frozen=True):
    """A module's calls and what goes with them, and what all that depends on."""

    digest: str
    edges: list[KeptEdge]
    gaps: dict[str, int]
    routers: dict[int, tuple[int, ...]]
    asked: list[int]
    entangled: list[int]


class Kept(msgspec.Struct, array_like=True, gc=False):
    """All calls of a program. Texts are written once; modules go by the number of their path's text.

    ``layout`` says which modules there were and where imports lead, ``first`` how many texts there were
    when all was written.
    """

    layout: str
    first: int
    texts: list[str]
    questions: list[KeptQuestion]
    modules: dict[int, KeptModule]


_decoder = msgspec.msgpack.Decoder(Kept)


def read(content: bytes | None, layout: str) -> Kept | None:
    """What is kept, where it is of a program laid out so."""
    try:
        kept = _decoder.decode(content) if content is not None else None
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    if kept is None or kept.layout != layout or len(kept.texts) > _GROWTH * kept.first:
        return None
    return kept


class Writer:
    """Adds to what is kept; starts with nothing where nothing was."""

    def __init__(self, kept: Kept, answers: Answers) -> None:
        self._kept = kept
        self._answers = answers
        self._texts = {text: number for number, text in enumerate(kept.texts)}
        self._asked: set[int] = set()
        self._questions = {question[:3]: number for number, question in enumerate(kept.questions)}

    def text(self, text: str) -> int:
        """The number of a text."""
        number = self._texts.get(text)
        if number is None:
            number = self._texts[text] = len(self._texts)
            self._kept.texts.append(text)
        return number

    def question(self, question: Question) -> int:
        """The number of a question, with the answer that it gets now."""
        table, subject, detail = question
        assert detail is None or isinstance(detail, (str, int))
        key = (self.text(table.kind), self.text(spelled(subject)), detail)
        number = self._questions.setdefault(key, len(self._questions))
        if number not in self._asked:
            self._asked.add(number)
            answer = self.text(spelled(table.get(subject, detail)))
            about = NOBODY if subject is None else self.text(subject.module.path)
            if number == len(self._kept.questions):
                self._kept.questions.append(KeptQuestion(*key, about, answer))
            else:
                self._kept.questions[number] = KeptQuestion(*key, about, answer)
        return number

    def _home(self, module: Module | None) -> int:
        return NOBODY if module is None else self.text(module.path)

    def answered(self, number: int, answer: str) -> None:
        """An earlier question has this answer now."""
        self._kept.questions[number] = self._kept.questions[number]._replace(answer=self.text(answer))

    def module(self, module: Module, digest: str, calls: ModuleCalls | None) -> None:
        """What was found out about a module now."""
        asked = [self.question(each) for each in self._answers.asked.get(module, ())]
        entangled = [self._home(each) for each in self._answers.entangled.get(module, ())]
        edges: list[KeptEdge] = []
        routers: dict[int, tuple[int, ...]] = {}
        if calls is not None:
            edges = [self._edge(edge) for each in calls.edges.values() for edge in each]
            routers = {function.index: events for function, events in calls.routers.items()}
        gaps = dict(calls.gaps) if calls is not None else {}
        found = KeptModule(digest, edges, gaps, routers, asked, entangled)
        self._kept.modules[self.text(module.path)] = found

    def _edge(self, edge: Edge) -> KeptEdge:
        return KeptEdge(
            edge.caller.index,
            edge.event,
            edge.place,
            self.text(edge.mode),
            NOBODY if edge.callee is None else self.text(edge.callee.qualname),
            self.text(edge.external),
            self.text(edge.via),
            edge.confidence,
            edge.once,
        )

    def more(self, module: Module) -> None:
        """What a module whose calls still hold has asked beyond what it had asked before."""
        asked, entangled = self._answers.asked.get(module), self._answers.entangled.get(module)
        if not asked and not entangled:
            return
        path = self.text(module.path)
        known = self._kept.modules[path]
        questions = {*known.asked, *(self.question(each) for each in asked or ())}
        circles = {*known.entangled, *(self._home(each) for each in entangled or ())}
        if len(questions) > len(known.asked) or len(circles) > len(known.entangled):
            self._kept.modules[path] = msgspec.structs.replace(
                known, asked=sorted(questions), entangled=sorted(circles)
            )

    def written(self) -> bytes:
        """The bytes to keep."""
        if not self._kept.first:
            self._kept.first = len(self._kept.texts)
        return msgspec.msgpack.encode(self._kept)
