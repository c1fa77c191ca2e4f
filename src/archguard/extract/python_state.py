"""What the extraction of one Python file carries along: the module, and a frame for each scope.

The tables below map a node's type to the one function that reads it. They are filled by the modules
that own the kinds of fact (expressions, events, imports, scopes) and are all there is of dispatch.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable
from typing import Any, Protocol

from archguard.model.facts import Event, Expr, Import, Op, Region, Scope, Secret
from archguard.model.place import Place

BUILTINS = frozenset(dir(builtins)) | {"__file__", "__path__", "__class__", "WindowsError"}
"""Names whose reading says nothing."""

DEPTH_LIMIT = 40
"""Expression trees deeper than this end in `CUT`; calls in them are still events."""

CUT = Op("?")


class Located(Protocol):
    """A node of the tree that has a place."""

    @property
    def lineno(self) -> int: ...  # noqa: D102

    @property
    def col_offset(self) -> int: ...  # noqa: D102

    @property
    def end_lineno(self) -> int | None: ...  # noqa: D102

    @property
    def end_col_offset(self) -> int | None: ...  # noqa: D102


class Module:
    """What the scopes of one file share."""

    __slots__ = ("imports", "scopes", "secrets", "span", "strings")

    def __init__(self, span: Callable[[Located, Located], Place]) -> None:
        self.span = span
        self.scopes: list[Scope] = []
        self.imports: list[Import] = []
        self.strings: dict[str, Expr] = {}
        self.secrets: list[Secret] = []


class Frame:
    """One scope while its body is being read.

    ``bound`` are the names bound so far, ``outside`` those declared global or nonlocal, ``reads`` the
    indexes of the events that read a bare name: they are looked at again when the scope is complete.
    ``secret`` is what a function's name says of the value that it returns, ``label`` the latest name that
    announced a secret.
    """

    __slots__ = (
        "bound",
        "depth",
        "events",
        "generator",
        "globals",
        "guarded",
        "index",
        "label",
        "module",
        "nonlocals",
        "outside",
        "reads",
        "region",
        "regions",
        "secret",
        "span",
        "typing_only",
    )

    def __init__(self, module: Module, index: int, place: Place, typing_only: bool) -> None:
        self.module = module
        self.span = module.span
        self.index = index
        self.events: list[Event] = []
        self.regions: list[Region] = [Region("scope", -1, place)]
        self.region = 0
        self.bound: set[str] = set()
        self.outside: set[str] = set()
        self.reads: list[int] = []
        self.globals: list[str] = []
        self.nonlocals: list[str] = []
        self.generator = False
        self.depth = 0
        self.typing_only = typing_only
        self.guarded = False
        self.secret = ""
        self.label = ""

    def bind(self, name: str) -> None:
        """Notes that this scope binds a name."""
        if name not in self.outside:
            self.bound.add(name)


# A handler takes the one node type it is registered for, which the type of a table cannot say.
ExpressionHandler = Callable[[Frame, Any], Expr]
StatementHandler = Callable[[Frame, Any], None]


class _Expressions(dict[type[ast.AST], ExpressionHandler]):
    def __missing__(self, key: type[ast.AST]) -> ExpressionHandler:
        return lambda _frame, _node: CUT


class _Statements(dict[type[ast.AST], StatementHandler]):
    def __missing__(self, key: type[ast.AST]) -> StatementHandler:
        return lambda _frame, _node: None


EXPRESSIONS = _Expressions()
STATEMENTS = _Statements()


def run(frame: Frame, statements: list[ast.stmt]) -> None:
    """Reads the statements of a block in the current region."""
    for statement in statements:
        STATEMENTS[type(statement)](frame, statement)
