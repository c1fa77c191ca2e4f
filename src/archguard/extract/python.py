"""One Python file to its facts: decode, parse, one pass over the tree."""

from __future__ import annotations

import ast
import re
import sys
import warnings

# Imported for the tables that they fill.
from archguard.extract import (  # noqa: F401
    python_annotations,
    python_expressions,
    python_imports,
    python_literals,
    python_match,
    python_statements,
)
from archguard.extract.python_comments import comments_of
from archguard.extract.python_problems import depth_problem, encoding_problem, syntax_problem
from archguard.extract.python_scopes import module
from archguard.extract.python_source import (
    EncodingProblem,
    count_code_lines,
    count_lines,
    decode,
    spans,
    utf16_length,
)
from archguard.extract.python_state import Module
from archguard.model.facts import Problem, PythonFacts
from archguard.model.place import Place

DEEP_STACK = 12_000
"""Frames for a second attempt; Python's own functions do not use the machine's stack."""

_GENERATED = re.compile(
    r"@generated\b|\bauto[- ]?generated\b|\bgenerated (?:by|from|code|file|with)\b"
    r"|\b(?:do not|don't) (?:edit|modify|change)\b",
    re.IGNORECASE,
)


def extract_python(content: bytes) -> PythonFacts:
    """The facts of a Python file; what could not be read is its ``problem``."""
    try:
        text = decode(content)
    except EncodingProblem as error:
        return PythonFacts(lines=content.count(b"\n") + 1, problem=encoding_problem(str(error)))
    tree = _parse(text)
    if isinstance(tree, Problem):
        return PythonFacts(lines=count_lines(text), code_lines=count_code_lines(text), problem=tree)
    try:
        state = _read(text, tree)
    except (RecursionError, MemoryError):
        return PythonFacts(
            lines=count_lines(text), code_lines=count_code_lines(text), problem=depth_problem()
        )
    return PythonFacts(
        tuple(state.scopes),
        tuple(state.imports),
        comments_of(content, text),
        count_lines(text),
        count_code_lines(text),
        _is_generated(text, tree),
        secrets=tuple(state.secrets),
    )


def _parse(text: str) -> ast.Module | Problem:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except SyntaxError as error:
        return syntax_problem(error, text)
    except (RecursionError, MemoryError):
        return depth_problem()
    except ValueError:
        return encoding_problem("the file contains characters that are no text")


def _read(text: str, tree: ast.Module) -> Module:
    """One pass; a second with a deeper stack for a tree that needs it."""
    try:
        return _pass(text, tree)
    except RecursionError:
        limit = sys.getrecursionlimit()
        sys.setrecursionlimit(max(limit, DEEP_STACK))
        try:
            return _pass(text, tree)
        finally:
            sys.setrecursionlimit(limit)


def _pass(text: str, tree: ast.Module) -> Module:
    state = Module(spans(text))
    last = text.rsplit("\n", 1)[-1] if not text.endswith("\n") else text[:-1].rsplit("\n", 1)[-1]
    module(state, tree, Place(1, 1, max(count_lines(text), 1), utf16_length(last) + 1))
    return state


def _is_generated(text: str, tree: ast.Module) -> bool:
    """Whether the comments or docstring before the first statement say so."""
    head = text[:2000]
    lowered = head.lower()
    if "generated" not in lowered and "not " not in lowered and "don't" not in lowered:
        return False
    if not _GENERATED.search(head):
        return False
    first = next((n for n in tree.body if not _is_docstring(n)), None)
    lines = head.split("\n")[: first.lineno - 1 if first else None]
    return _GENERATED.search("\n".join(lines)) is not None


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
