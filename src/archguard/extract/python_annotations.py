"""Annotations: expressions of the enclosing scope whose names are types; strings in them are parsed."""

from __future__ import annotations

import ast

from archguard.extract.python_expressions import NONE, chain
from archguard.extract.python_literals import string
from archguard.extract.python_state import CUT, DEPTH_LIMIT, EXPRESSIONS, Frame
from archguard.model.facts import Container, Expr, Name, Op


def annotation(frame: Frame, node: ast.expr) -> Expr:
    """One annotation. Types named in it are not events; calls in it (``Annotated[X, f()]``) are."""
    if type(node) is ast.Name:
        return Name(node.id)
    if type(node) is ast.Attribute:
        return chain(frame, node, 0)
    depth, frame.depth = frame.depth, frame.depth + 1
    value = _composed(frame, node)
    frame.depth = depth
    return value if depth < DEPTH_LIMIT else CUT


def _composed(frame: Frame, node: ast.expr) -> Expr:
    if type(node) is ast.Subscript:
        base = annotation(frame, node.value)
        return Op("subscript", (base, _index(frame, node)))
    if type(node) is ast.BinOp and type(node.op) is ast.BitOr:
        return Op("bin|", (annotation(frame, node.left), annotation(frame, node.right)))
    if type(node) is ast.Constant:
        value = node.value
        return _quoted(frame, node, value) if type(value) is str else EXPRESSIONS[ast.Constant](frame, node)
    if isinstance(node, ast.Tuple | ast.List):
        kind = "tuple" if type(node) is ast.Tuple else "list"
        return Container(kind, tuple([annotation(frame, n) for n in node.elts]))
    return EXPRESSIONS[type(node)](frame, node)


def _index(frame: Frame, node: ast.Subscript) -> Expr:
    """What stands in the brackets: values for ``Literal``, a type and values for ``Annotated``."""
    base = node.value
    label = base.id if type(base) is ast.Name else base.attr if type(base) is ast.Attribute else ""
    if label == "Literal":
        return EXPRESSIONS[type(node.slice)](frame, node.slice)
    if label == "Annotated" and type(node.slice) is ast.Tuple and node.slice.elts:
        first, *others = node.slice.elts
        values = [EXPRESSIONS[type(n)](frame, n) for n in others]
        return Container("tuple", (annotation(frame, first), *values))
    return annotation(frame, node.slice)


def _quoted(frame: Frame, node: ast.Constant, text: str) -> Expr:
    """A string annotation as the expression in it, every part at the string's own place."""
    if text.isidentifier():
        return NONE if text == "None" else Name(text)
    try:
        tree = ast.parse(text.strip(), mode="eval").body if len(text) < 1000 else None
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        tree = None
    if tree is None:
        return string(text)
    for part in ast.walk(tree):
        ast.copy_location(part, node)
    return annotation(frame, tree)
