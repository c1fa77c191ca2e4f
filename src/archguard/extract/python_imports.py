"""Import statements."""

from __future__ import annotations

import ast

from archguard.extract.python_state import STATEMENTS, Frame
from archguard.model.facts import Import

IMPORT_ERRORS = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})


def import_(frame: Frame, node: ast.Import) -> None:
    """``import a.b as c``."""
    for alias in node.names:
        frame.bind(alias.asname or alias.name.partition(".")[0])
        _add(frame, alias, alias.name, 0, None)


def import_from(frame: Frame, node: ast.ImportFrom) -> None:
    """``from ..a import b as c``; what ``__future__`` imports say concerns the compiler only."""
    if node.module == "__future__":
        return
    for alias in node.names:
        if alias.name != "*":
            frame.bind(alias.asname or alias.name)
        _add(frame, alias, node.module or "", node.level, alias.name)


def _add(frame: Frame, alias: ast.alias, module: str, level: int, name: str | None) -> None:
    frame.module.imports.append(
        Import(
            frame.span(alias, alias),
            frame.index,
            frame.region,
            module,
            level,
            name,
            alias.asname,
            frame.typing_only,
            frame.guarded,
        )
    )


def takes_import_error(node: ast.expr | None) -> bool:
    """Whether a handler of these types takes an import error."""
    if node is None:
        return True
    if isinstance(node, ast.Tuple):
        return any(map(takes_import_error, node.elts))
    name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
    return name in IMPORT_ERRORS


def suppresses_import_error(node: ast.expr) -> bool:
    """Whether a context manager is a ``suppress(ImportError)``."""
    if not isinstance(node, ast.Call):
        return False
    callee = node.func
    name = callee.id if isinstance(callee, ast.Name) else getattr(callee, "attr", "")
    return name == "suppress" and any(map(takes_import_error, node.args))


STATEMENTS.update({ast.Import: import_, ast.ImportFrom: import_from})
