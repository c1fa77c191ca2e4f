"""Facts: what one file says, extracted from it alone and serialisable.

Everything downstream of extract reads these and never the source. A scope (module, class, function
or lambda) holds one flat list of *events* in evaluation order; each event names the innermost
*region* that encloses it, and regions name their parents. Expressions are small trees; a call
inside an expression is a `Result`, an index into the events of the scope that evaluates it, so
nothing is written twice. Decorators, defaults, bases and annotations are evaluated by the enclosing
scope: a `Result` in them indexes the *parent's* events.

The shape is guarded by ``tests/architecture/test_facts_schema.py``: add a field with a default and
raise `FACTS_VERSION`; the cache forgets older facts by itself.
"""

from __future__ import annotations

from typing import Literal, Union

import msgspec

from archguard.model.place import Place

FACTS_VERSION = 4
"""Raised with every change to the schema or to what extract writes into it."""

# --- expressions ----------------------------------------------------------------------------------


class Name(msgspec.Struct, frozen=True, array_like=True, gc=False, tag=0):
    """A bare name, read or written."""

    id: str


class Attr(msgspec.Struct, frozen=True, array_like=True, gc=False, tag=1):
    """``base.name``."""

    base: Expr
    name: str


class Result(msgspec.Struct, frozen=True, array_like=True, gc=False, tag=2):
    """The value of the `Call` at this index of the evaluating scope's events."""

    event: int


class Const(msgspec.Struct, frozen=True, array_like=True, gc=False, tag=3):
    """A literal. Strings that are not SQL are cut to 200 characters; ``...`` and bytes are None."""

    value: None | bool | int | float | str


class Masked(msgspec.Struct, frozen=True, array_like=True, gc=False, tag=4):
    """A literal that looks like a secret; its value exists nowhere outside the source.

    ``kind`` names the format or the naming that gave it away (``aws-access-key``, ``named-password``),
    ``features`` says what a rule may want to know of the value (``placeholder``, ``url``, ``hex``,
    ``high-entropy``, ``word``).
    """

    kind: str
    length: int
    features: tuple[str, ...] = ()


class Text(msgspec.Struct, frozen=True, array_like=True, gc=False, tag=5):
    """An f-string: literal parts as `Const`, each hole as the expression in it."""

    parts: tuple[Expr, ...]


class Container(msgspec.Struct, frozen=True, array_like=True, gc=False, tag=6):
    """A display: ``kind`` is list, tuple, set or dict; a dict's ``keys`` pair with ``items``.

    A ``**mapping`` inside a dict has the key ``Const("**")``.
    """

    kind: str
    items: tuple[Expr, ...]
    keys: tuple[Expr, ...] = ()


class Op(msgspec.Struct, frozen=True, array_like=True, gc=False, tag=7):
    """Any other expression: what it is, and its operands.

    ``await`` ``subscript`` (base, index) ``or`` ``and`` ``not`` ``if`` (test, then, else) ``*``
    (starred) ``listcomp`` ``setcomp`` ``generator`` (element) ``dictcomp`` (key, value) ``slice``
    ``:=`` (target, value) ``yield``, ``bin`` followed by the operator (``bin+``, ``bin%``, ``bin|``),
    ``cmp`` followed by the operators (``cmp==``, ``cmp in``), ``unary-``; ``?`` where the tree was
    deeper than the limit.
    """

    kind: str
    operands: tuple[Expr, ...] = ()


class Lambda(msgspec.Struct, frozen=True, array_like=True, gc=False, tag=8):
    """A lambda: the index of its scope in the module."""

    scope: int


Expr = Union[Name, Attr, Result, Const, Masked, Text, Container, Op, Lambda]

# --- events ---------------------------------------------------------------------------------------


class Call(msgspec.Struct, frozen=True, array_like=True, gc=False, tag=0):
    """A call. ``place`` covers the callee's expression up to the closing parenthesis.

    A starred argument is ``Op("*")``; ``**mapping`` is a keyword named ``**``. ``discarded``: the
    value is a statement of its own that nobody keeps (``f()`` or ``await f()``).
    """

    place: Place
    region: int
    function: Expr
    arguments: tuple[Expr, ...] = ()
    keywords: tuple[tuple[str, Expr], ...] = ()
    awaited: bool = False
    discarded: bool = False


class Read(msgspec.Struct, frozen=True, array_like=True, gc=False, tag=1):
    """A read of an attribute, or of a name that this scope does not bind; the longest chain, once."""

    place: Place
    region: int
    value: Expr


WriteKind = Literal["=", "aug", "for", "with", "del", "except", "match", ":="]


class Write(msgspec.Struct, frozen=True, array_like=True, gc=False, tag=2):
    """A binding or mutation of ``target`` (a name, attribute, subscript or tuple of them).

    ``how``: ``=`` (also an annotated one), ``aug`` for ``+=`` and its like, ``for`` (``value`` is the
    iterable), ``with`` (``value`` is the context manager), ``del``, ``except``, ``match``, ``:=``.
    """

    place: Place
    region: int
    target: Expr
    value: Expr | None = None
    how: WriteKind = "="
    annotation: Expr | None = None


class Await(msgspec.Struct, frozen=True, array_like=True, gc=False, tag=3):
    """An await of something other than a call; an awaited call says so itself."""

    place: Place
    region: int
    value: Expr


class Return(msgspec.Struct, frozen=True, array_like=True, gc=False, tag=4):
    """A return; a lambda's body is one too."""

    place: Place
    region: int
    value: Expr | None = None


class Yield(msgspec.Struct, frozen=True, array_like=True, gc=False, tag=5):
    """A yield, or a ``yield from`` (``delegated``)."""

    place: Place
    region: int
    value: Expr | None = None
    delegated: bool = False


class Raise(msgspec.Struct, frozen=True, array_like=True, gc=False, tag=6):
    """A raise; without ``value`` it re-raises."""

    place: Place
    region: int
    value: Expr | None = None
    cause: Expr | None = None


JumpKind = Literal["break", "continue"]


class Jump(msgspec.Struct, frozen=True, array_like=True, gc=False, tag=7):
    """A ``break`` or ``continue`` of the innermost loop around it."""

    place: Place
    region: int
    how: JumpKind


Event = Union[Call, Read, Write, Await, Return, Yield, Raise, Jump]

RegionKind = Literal[
    "scope",
    "for",
    "while",
    "with",
    "try",
    "except",
    "try-else",
    "finally",
    "if",
    "else",
    "loop-else",
    "case",
    "comprehension",
]


class Region(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A piece of a scope that rules reason about; ``regions[0]`` is the scope's own body.

    ``subject``: a loop's iterable or condition, one context manager of a ``with`` (each item opens a
    region of its own), the test of an ``if`` and of its ``else``, the types of a handler, the subject
    of a ``match``. An ``elif`` is an ``if`` inside an ``else``.
    """

    kind: RegionKind
    parent: int
    place: Place
    subject: Expr | None = None
    is_async: bool = False


# --- scopes and modules ---------------------------------------------------------------------------

ParameterKind = Literal["positional", "normal", "var", "keyword", "kwargs"]


class Parameter(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One parameter; ``var`` is ``*args``, ``keyword`` is keyword-only, ``kwargs`` is ``**kwargs``."""

    name: str
    kind: ParameterKind = "normal"
    annotation: Expr | None = None
    default: Expr | None = None


ScopeKind = Literal["module", "class", "function", "lambda"]


class Scope(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A module, class, function or lambda with all that happens directly in it.

    ``place`` is the ``def`` or ``class`` statement with its body and without its decorators;
    ``parent`` the index of the enclosing scope (-1 for the module), ``region`` the region of the
    parent in which it is defined, and ``position`` how many events the parent had before it.
    ``globals`` and ``nonlocals`` are the names so declared, ``doc`` the docstring's first line.
    ``stub``: the body is only a docstring, ``...``, ``pass`` or ``raise NotImplementedError``.
    """

    kind: ScopeKind
    name: str
    parent: int
    place: Place
    region: int = 0
    position: int = 0
    is_async: bool = False
    is_generator: bool = False
    stub: bool = False
    parameters: tuple[Parameter, ...] = ()
    returns: Expr | None = None
    decorators: tuple[Expr, ...] = ()
    bases: tuple[Expr, ...] = ()
    keywords: tuple[tuple[str, Expr], ...] = ()
    globals: tuple[str, ...] = ()
    nonlocals: tuple[str, ...] = ()
    doc: str = ""
    regions: tuple[Region, ...] = ()
    events: tuple[Event, ...] = ()


class Import(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One imported name.

    ``import a.b as c``: module ``a.b``, name None, alias ``c``. ``from ..a import b``: module ``a``,
    level 2, name ``b`` (``*`` for a star). ``typing_only``: under ``if TYPE_CHECKING``;
    ``guarded``: inside a ``try`` whose handler takes an import error, or a ``suppress`` of one.
    """

    place: Place
    scope: int
    region: int
    module: str
    level: int = 0
    name: str | None = None
    alias: str | None = None
    typing_only: bool = False
    guarded: bool = False


CommentKind = Literal["archguard", "noqa", "nosec", "nosemgrep", "allowlist", "todo", "type"]


class Comment(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A comment that somebody acts on; ``text`` without the ``#``. ``own_line``: nothing before it."""

    place: Place
    kind: CommentKind
    text: str
    own_line: bool = False


ProblemKind = Literal["syntax", "newer-syntax", "encoding", "too-deep", "unreadable"]


class Problem(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Why a file has no facts, or not all of them; the message never quotes the source."""

    kind: ProblemKind
    message: str
    place: Place


SecretUse = Literal["assigned", "key", "argument", "parameter", "fallback", "compared", "returned", "text"]


class Secret(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A literal that is or may be a secret: where it stands and what it goes by, never its value.

    ``kind``, ``length`` and ``features`` are those of `Masked`. ``name`` is the variable, key, parameter
    or setting that it belongs to, ``use`` how: assigned to it, the value of that key, handed over or
    compared under that name, the ``fallback`` where a lookup or an ``or`` finds nothing, or part of a
    ``text`` that states both. ``call`` is the function that it is handed to as it is written
    (``os.environ.get``), ``scope`` the Python scope that it stands in.
    """

    place: Place
    kind: str
    length: int
    features: tuple[str, ...] = ()
    name: str = ""
    use: SecretUse = "assigned"
    call: str = ""
    scope: int = 0


class PythonFacts(msgspec.Struct, frozen=True, array_like=True, gc=False, tag="python"):
    """All facts of one Python file; ``scopes[0]`` is the module."""

    scopes: tuple[Scope, ...] = ()
    imports: tuple[Import, ...] = ()
    comments: tuple[Comment, ...] = ()
    lines: int = 0
    code_lines: int = 0
    generated: bool = False
    problem: Problem | None = None
    secrets: tuple[Secret, ...] = ()


class SqlColumn(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A column as a statement declares it; ``type`` as PostgreSQL prints it."""

    name: str
    type: str = ""
    nullable: bool = True
    references: str = ""


class SqlStatement(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One SQL statement: its verb (``create-table``, ``create-index``, ``select`` …) and its object.

    ``tables`` are all tables it names, ``text`` its first 120 characters, literals left out.
    """

    place: Place
    verb: str
    table: str = ""
    tables: tuple[str, ...] = ()
    columns: tuple[SqlColumn, ...] = ()
    text: str = ""


class SqlFacts(msgspec.Struct, frozen=True, array_like=True, gc=False, tag="sql"):
    """All statements of one SQL file."""

    statements: tuple[SqlStatement, ...] = ()
    lines: int = 0
    problem: Problem | None = None
    secrets: tuple[Secret, ...] = ()


class TextFacts(msgspec.Struct, frozen=True, array_like=True, gc=False, tag="text"):
    """What is read of configuration and of code in other languages: the secrets in it.

    ``comments`` are those that silence findings; they are not told apart from strings.
    """

    secrets: tuple[Secret, ...] = ()
    lines: int = 0
    problem: Problem | None = None
    comments: tuple[Comment, ...] = ()


FileFacts = Union[PythonFacts, SqlFacts, TextFacts]
