"""The linked program: every module's facts joined into tables that answer look-ups.

`Program` computes nothing itself. What needs an algorithm (types, effects, contexts) is done by
link/ and derive/ and reached through the protocols below, on demand and once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import IntFlag
from typing import TYPE_CHECKING, Generic, Literal, NamedTuple, Protocol, TypeVar

import msgspec

from archguard.model.facts import Call, Event, Expr, PythonFacts, Scope, Secret, SqlFacts
from archguard.model.finding import Confidence
from archguard.model.place import Place, Span
from archguard.model.policy import Mode, Policy
from archguard.model.sources import Role, SourceFile

if TYPE_CHECKING:
    from archguard.model.derived import Derived
    from archguard.model.endpoints import Route
    from archguard.model.values import ClassRef, External, Value

T = TypeVar("T")


class Lazy(Generic[T]):
    """A value computed at its first reading, once."""

    __slots__ = ("_compute", "_value")

    def __init__(self, compute: Callable[[], T]) -> None:
        self._compute: Callable[[], T] | None = compute
        self._value: list[T] = []

    def get(self) -> T:
        """The value; computes it the first time."""
        if self._compute is not None:
            self._value.append(self._compute())
            self._compute = None
        return self._value[0]


class Module(msgspec.Struct, frozen=True, eq=False):
    """A Python module. ``name`` is dotted as importers write it; ``package`` for an ``__init__``."""

    name: str
    path: str
    role: Role
    facts: PythonFacts
    package: bool = False

    def __repr__(self) -> str:
        return f"<module {self.name}>"

    def span(self, place: Place) -> Span:
        """A place of this module as a place of the repository."""
        return Span(self.path, place)


class Class(msgspec.Struct, frozen=True, eq=False):
    """A class. ``qualname`` is ``module.Outer.Inner``; a later one of the same name gets ``#2``."""

    qualname: str
    module: Module
    index: int
    scope: Scope

    def __repr__(self) -> str:
        return f"<class {self.qualname}>"

    @property
    def span(self) -> Span:
        """The class statement."""
        return self.module.span(self.scope.place)


class Function(msgspec.Struct, frozen=True, eq=False):
    """A function, method, lambda, class body or module body: whatever has events.

    ``owner`` is the class whose body defines it (a method), or None.
    """

    qualname: str
    module: Module
    index: int
    scope: Scope
    owner: Class | None = None

    def __repr__(self) -> str:
        return f"<function {self.qualname}>"

    @property
    def span(self) -> Span:
        """The whole definition."""
        return self.module.span(self.scope.place)

    @property
    def header(self) -> Span:
        """The line of the ``def``."""
        place = self.scope.place
        return self.module.span(Place(place.line, place.column, place.line, place.column + 4))

    @property
    def label(self) -> str:
        """Its name as people say it: ``QuoteService.latest`` or ``latest``."""
        name = self.scope.name
        return f"{self.owner.scope.name}.{name}" if self.owner else name


class Edge(msgspec.Struct, frozen=True, gc=False, eq=False):
    """A call from one function to another, or to a library function.

    ``event`` is the index of the caller's event it comes from (-1: a decorator or default).
    Exactly one of ``callee`` and ``external`` is set. ``via`` says how it was seen where that is not
    a plain call: ``property``, ``with``, ``constructor``, ``override``, ``handed-on``, ``dependency``.
    ``once``: it runs once in the life of a process, to fill a value that is kept.
    """

    caller: Function
    event: int
    place: Place
    mode: Mode
    callee: Function | None = None
    external: str = ""
    via: str = ""
    confidence: Confidence = Confidence.HIGH
    once: bool = False

    @property
    def span(self) -> Span:
        """Where the call stands."""
        return self.caller.module.span(self.place)


class Effect(NamedTuple):
    """Something that happens when a function runs: ``blocks`` ``network`` by ``requests.get``.

    ``blocks`` keeps the thread waiting, for what ``detail`` says; ``computes`` keeps it busy; ``changes``
    changes what ``detail`` says outside the process.
    """

    kind: str
    detail: str
    sink: str


class Step(NamedTuple):
    """The next hop towards an effect; ``distance`` 1 is the sink's own call."""

    distance: int
    edge: Edge


class Effects(Protocol):
    """What functions do, through everything that they run in the same thread."""

    def own(self, function: Function) -> tuple[tuple[Edge, Effect], ...]:
        """What its own library calls do, in their order."""

    def of(self, function: Function) -> Mapping[Effect, Step]:
        """The effects of calling (or awaiting) it."""

    def through(self, edge: Edge) -> list[Effect]:
        """The effects of one call: its own, and what it carries of its callee's."""

    def chain(self, function: Function, effect: Effect) -> tuple[Edge, ...]:
        """The shortest way from the function to the effect's own call."""


class Context(IntFlag):
    """What a function runs on; several at once where several callers differ.

    ``LOOP`` is a serving event loop, ``PRIVATE_LOOP`` one that ``asyncio.run`` starts for a script or
    job, ``STARTUP`` the serving loop before it serves, ``UNPROVED`` a coroutine that no known root
    reaches and that therefore probably runs on the loop.
    """

    NONE = 0
    LOOP = 1
    STARTUP = 2
    PRIVATE_LOOP = 4
    THREADPOOL = 8
    THREAD = 16
    PROCESS = 32
    WORKER = 64
    CLI = 128
    TEST = 256
    MIGRATION = 512
    IMPORT = 1024
    UNPROVED = 2048


class Root(msgspec.Struct, frozen=True):
    """Where a context starts: a route, a dependency, a task, a command.

    ``key`` identifies it without lines (``GET /quotes/{symbol}``), ``label`` is for people.
    """

    function: Function
    context: Context
    kind: str
    key: str
    label: str
    span: Span


class Contexts(Protocol):
    """What functions run on."""

    def of(self, function: Function) -> Context:
        """All contexts that some root gives it; NONE where no root reaches it."""

    def roots(self, function: Function, context: Context) -> tuple[Root, ...]:
        """The roots that give it this context, nearest first."""

    def chain(self, root: Root, function: Function, context: Context) -> tuple[Edge, ...]:
        """The shortest way from one of those roots to the function."""


class Setting(msgspec.Struct, frozen=True):
    """A setting that the code reads: a settings class's field or an environment variable."""

    name: str
    kind: Literal["field", "environment"]
    span: Span
    required: bool
    default: str = ""


class Client(msgspec.Struct, frozen=True):
    """A client of an external service that the code builds: what, where, and for how long."""

    library: str
    symbol: str
    span: Span
    lifetime: Literal["module", "object", "call"]


class Task(msgspec.Struct, frozen=True):
    """Work that runs beside its starter; ``kind`` is the mode, or the queue that runs it."""

    kind: str
    function: Function
    span: Span


class ModuleImport(msgspec.Struct, frozen=True):
    """That one project module imports another.

    ``missing``: the import names something that is not there, a name that ``imported`` does not bind
    or a module that its package does not have.
    """

    importer: Module
    imported: Module
    place: Place
    name: str | None
    deferred: bool
    typing_only: bool
    guarded: bool = False
    missing: Literal["", "name", "module"] = ""


class Service(msgspec.Struct, frozen=True):
    """An application object or process entry; ``root`` is the folder whose code is its own."""

    name: str
    root: str
    applications: tuple[str, ...] = ()
    processes: tuple[str, ...] = ()


class SecretFile(msgspec.Struct, frozen=True):
    """A file in which secrets may stand; ``module`` where it is one of Python's."""

    file: SourceFile
    secrets: tuple[Secret, ...]
    module: Module | None = None

    def span(self, place: Place) -> Span:
        """A place of this file as a place of the repository."""
        return Span(self.file.path, place)


class Types(Protocol):
    """What expressions are."""

    def value(self, function: Function, expr: Expr) -> Value:
        """What an expression evaluated in this scope is."""

    def callee(self, function: Function, call: Call) -> Value:
        """What a call of this scope calls: a function, a class or an external name."""

    def attributes(self, cls: Class) -> frozenset[str] | None:
        """The names of all attributes that instances have, or None where not all can be known."""

    def ancestors(self, cls: Class) -> tuple[ClassRef | External, ...] | None:
        """The method resolution order without the class itself; None if a base is unknown."""

    def subclasses(self, cls: Class) -> list[Class]:
        """All project classes below it, nearest first."""


class Program(msgspec.Struct, frozen=True):
    """One snapshot of a repository, linked.

    ``focus`` are the paths that are asked about (none: all); rules of scope *module* look only there.
    """

    policy: Policy
    modules: Mapping[str, Module]
    scopes: Mapping[Module, tuple[Function, ...]]
    functions: Mapping[str, Function]
    classes: Mapping[str, Class]
    sql: Mapping[str, SqlFacts]
    services: tuple[Service, ...]
    found_imports: Lazy[tuple[ModuleImport, ...]]
    types: Types
    edges: Lazy[Mapping[Function, tuple[Edge, ...]]]
    callers: Lazy[Mapping[Function, tuple[Edge, ...]]]
    routes: Lazy[tuple[Route, ...]]
    settings: Lazy[tuple[Setting, ...]]
    clients: Lazy[tuple[Client, ...]]
    tasks: Lazy[tuple[Task, ...]]
    derived: Derived
    gaps: dict[str, int] = msgspec.field(default_factory=dict)
    focus: frozenset[str] = frozenset()
    secrets: tuple[SecretFile, ...] = ()

    @property
    def effects(self) -> Lazy[Effects]:
        """What functions do."""
        return self.derived.effects

    @property
    def contexts(self) -> Lazy[Contexts]:
        """What functions run on."""
        return self.derived.contexts

    @property
    def imports(self) -> tuple[ModuleImport, ...]:
        """Every import between modules of the project, in the order of modules and lines."""
        return self.found_imports.get()

    def reviewed(self) -> Iterator[Module]:
        """The modules that a rule of scope *module* looks at."""
        return (m for m in self.modules.values() if not self.focus or m.path in self.focus)

    def reviewed_secrets(self) -> Iterator[SecretFile]:
        """The files with secrets that a rule of scope *module* looks at."""
        return (f for f in self.secrets if not self.focus or f.file.path in self.focus)

    def edges_from(self, function: Function) -> tuple[Edge, ...]:
        """The calls in a function, in the order of its events."""
        return self.edges.get().get(function, ())

    def edges_to(self, function: Function) -> tuple[Edge, ...]:
        """The calls of a function."""
        return self.callers.get().get(function, ())

    def parent(self, function: Function) -> Function | None:
        """The scope that encloses it, or None for a module."""
        index = function.scope.parent
        return self.scope(function.module, index) if index >= 0 else None

    def scope(self, module: Module, index: int) -> Function:
        """The scope of a module at this index of its facts."""
        return self.scopes[module][index]

    def service_of(self, path: str) -> Service:
        """The service that a path belongs to: the one with the longest root above it."""
        return max(
            (s for s in self.services if not s.root or path == s.root or path.startswith(s.root + "/")),
            key=lambda service: len(service.root),
            default=Service(name="", root=""),
        )


def events_of(function: Function, kinds: type[T]) -> Iterable[tuple[int, T]]:
    """The events of one kind, with their indexes."""
    events: tuple[Event, ...] = function.scope.events
    return ((index, event) for index, event in enumerate(events) if isinstance(event, kinds))
