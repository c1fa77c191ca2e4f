"""Answers to questions about a program, each found once and the same whoever asks first.

What a name is, what a function returns, which method a class has: each such question is a `Table`, and
answering one asks others. A question that is asked while it is being answered is a circle, and is cut
there. Where a circle is cut depends on where it was entered; an answer found inside one therefore is kept
with the questions that it touched and those at which it was cut, and serves only whoever stands in the
same place. So no answer depends on what was asked before it: not on the order of files, and not on
whether a module's calls were resolved now or in an earlier run.

Every question is about one module, its *home* (or about all of them). Who crosses into another module
asks a question there; these crossings are noted, and are all that a module's calls depend on besides
its own facts (see `archguard.link.earlier`).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar, Union

if TYPE_CHECKING:
    from archguard.model.program import Class, Function, Module

S = TypeVar("S", bound="Subject")
D = TypeVar("D", bound=Hashable)
T = TypeVar("T")

Subject = Union["Function", "Class", None]
"""Whom a question is about; None for all modules together."""

AGAIN_LIMIT = 20_000
"""So often answers inside circles are found anew; from then on the first that was found serves."""


class TooDeep(Exception):
    """More questions inside one another than the limit; the outermost one gets no better answer."""


Question = tuple["Table[Subject, Hashable, object]", Subject, Hashable]
"""One question: its table, whom it is about, and what else was asked (a name, mostly)."""

_NONE: frozenset[Question] = frozenset()


def home_of(question: Question) -> Module | None:
    """The module that a question is about; None for all of them."""
    table, subject, _ = question
    return None if subject is None or table.everywhere else subject.module


class _Circular(NamedTuple):
    """An answer that ran into questions still being answered, or might have from elsewhere."""

    value: object
    height: int
    touched: frozenset[Question]
    cut: frozenset[Question]


class Frame:
    """A question being answered, or (at depth 0) a module whose calls are being resolved."""

    __slots__ = ("cut", "depth", "height", "home", "touched")

    def __init__(self, home: Module | None, depth: int) -> None:
        self.home = home
        self.depth = depth
        self.height = 1
        self.touched = _NONE
        self.cut = _NONE


class Answers:
    """What all tables of one program share: which questions are being answered, and who asked whom."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._again = 0
        self._open: dict[Question, None] = {}
        self.frame: Frame | None = None
        self.tables: dict[str, Table[Subject, Hashable, object]] = {}
        self.asked: dict[Module | None, set[Question]] = {}
        """The questions that each module has asked of others."""
        self.entangled: dict[Module | None, set[Module | None]] = {}
        """The modules on whose circles each module came: it has to look again whenever they do."""

    @property
    def tangled(self) -> bool:
        """Whether some answers may depend on the order of questions after all."""
        return self._again > AGAIN_LIMIT

    @contextmanager
    def within(self, module: Module) -> Iterator[None]:
        """Whatever is asked now is asked by this module."""
        before, self.frame = self.frame, Frame(module, 0)
        try:
            yield
        finally:
            self.frame = before

    def crossed(self, frame: Frame, question: Question) -> None:
        """Notes a question of one module to another."""
        asked = self.asked.get(frame.home)
        if asked is None:
            asked = self.asked[frame.home] = set()
        asked.add(question)

    def deepen(self, frame: Frame, height: int) -> None:
        """Notes a deeper answer than any before under the frame, whether it was found now or long ago."""
        frame.height = height + 1
        if frame.depth and frame.depth + height > self._limit:
            raise TooDeep

    def find(self, table: Table[Subject, Hashable, object], subject: Subject, detail: Hashable) -> object:
        """The answer to a question that is not simply known."""
        frame, question = self.frame, (table, subject, detail)
        home = None if subject is None or table.everywhere else subject.module
        if frame is not None and home is not frame.home:
            self.crossed(frame, question)
        if question in self._open:
            assert frame is not None
            self._meet(frame, frozenset((question,)), frozenset((question,)))
            return table.circular
        if table.circles:
            known = table.circles.get((subject, detail))
            if known is not None:
                if self._serves(known):
                    if frame is not None:
                        self._meet(frame, known.touched, known.cut)
                        if known.height >= frame.height:
                            self.deepen(frame, known.height)
                    return known.value
                self._again += 1
        depth = frame.depth + 1 if frame is not None else 1
        if depth > self._limit:
            raise TooDeep
        mine = self.frame = Frame(home, depth)
        self._open[question] = None
        try:
            value = table.compute(subject, detail)
        except TooDeep:
            # Whoever stands on the way there would have led elsewhere, had it been open already.
            mine.touched |= {question}
            if frame is not None and depth > 1:
                self._meet(frame, mine.touched, mine.cut - {question})
                raise
            value, mine.height = table.circular, self._limit + 1
        finally:
            del self._open[question]
            self.frame = frame
        if mine.touched:
            self._keep(question, value, mine, frame)
        else:
            table.known[subject, detail] = (value, mine.height, home)
        if frame is not None and mine.height >= frame.height:
            self.deepen(frame, mine.height)
        return value

    def _serves(self, known: _Circular) -> bool:
        """Whether the same of the questions it touched are open as when it was found."""
        return self.tangled or {each for each in known.touched if each in self._open} == known.cut

    def _keep(self, question: Question, value: object, mine: Frame, frame: Frame | None) -> None:
        """Keeps an answer found inside a circle, and tells who asked that it is one."""
        table, subject, detail = question
        touched, cut = mine.touched | {question}, mine.cut - {question}
        table.circles[subject, detail] = _Circular(value, mine.height, touched, cut)
        if frame is not None:
            self._meet(frame, touched, cut)

    def _meet(self, frame: Frame, touched: frozenset[Question], cut: frozenset[Question]) -> None:
        """The frame asked for an answer inside a circle, so its own is one."""
        frame.touched |= touched
        frame.cut |= cut
        homes = {home_of(each) for each in touched}
        homes.discard(frame.home)
        if homes:
            self.entangled.setdefault(frame.home, set()).update(homes)


class Table(Generic[S, D, T]):
    """One kind of question: how it is answered, and what is said where it asks itself.

    ``everywhere``: the answer looks into all modules, whomever the question is about.
    """

    def __init__(
        self,
        answers: Answers,
        kind: str,
        compute: Callable[[S, D], T],
        circular: T,
        *,
        everywhere: bool = False,
    ) -> None:
        self._answers = answers
        self.kind = kind
        self.compute = compute
        self.circular = circular
        self.everywhere = everywhere
        self.known: dict[tuple[S, D], tuple[T, int, Module | None]] = {}
        self.circles: dict[tuple[S, D], _Circular] = {}
        answers.tables[kind] = self  # type: ignore[assignment]

    def get(self, subject: S, detail: D) -> T:
        """The answer; it is found when it is first asked for."""
        known = self.known.get((subject, detail))
        if known is None:
            return self._answers.find(self, subject, detail)  # type: ignore[arg-type, return-value]
        frame = self._answers.frame
        if frame is not None:
            value, height, home = known
            if home is not frame.home:
                self._answers.crossed(frame, (self, subject, detail))  # type: ignore[arg-type]
            if height >= frame.height:
                self._answers.deepen(frame, height)
            return value
        return known[0]
