"""``match`` statements: a region for each case, a write for each name that a pattern captures."""

from __future__ import annotations

import ast

from archguard.extract.python_expressions import evaluate
from archguard.extract.python_literals import label_of, secret_value
from archguard.extract.python_state import STATEMENTS, Frame, run
from archguard.extract.python_statements import enter
from archguard.extract.secret_names import secret_name
from archguard.extract.secret_places import mark
from archguard.model.facts import Expr, Name, Write


def match(frame: Frame, node: ast.Match) -> None:
    """The subject once, then each case: its pattern, its guard, its body."""
    subject = evaluate(frame, node.subject)
    secret = secret_name(label_of(node.subject))
    outer = frame.region
    for case in node.cases:
        enter(frame, "case", case.pattern, case.body[-1], subject)
        _pattern(frame, case.pattern, subject, secret)
        if case.guard is not None:
            evaluate(frame, case.guard)
        run(frame, case.body)
        frame.region = outer


def _pattern(frame: Frame, pattern: ast.pattern, subject: Expr, secret: str) -> None:
    if isinstance(pattern, ast.MatchValue):
        start = len(frame.module.secrets)
        secret_value(frame, pattern.value, secret) if secret else evaluate(frame, pattern.value)
        mark(frame, start, "compared")
    elif isinstance(pattern, ast.MatchClass):
        evaluate(frame, pattern.cls)
    elif isinstance(pattern, ast.MatchMapping):
        for key in pattern.keys:
            evaluate(frame, key)
    for inner in _inner(pattern):
        _pattern(frame, inner, subject, secret)
    name = getattr(pattern, "rest", None) or getattr(pattern, "name", None)
    if name:
        frame.bind(name)
        where = frame.span(pattern, pattern)
        frame.events.append(Write(where, frame.region, Name(name), subject, "match"))


def _inner(pattern: ast.pattern) -> list[ast.pattern]:
    if isinstance(pattern, ast.MatchClass):
        return [*pattern.patterns, *pattern.kwd_patterns]
    if isinstance(pattern, ast.MatchAs):
        return [pattern.pattern] if pattern.pattern else []
    if isinstance(pattern, ast.MatchSequence | ast.MatchMapping | ast.MatchOr):
        return list(pattern.patterns)
    return []


STATEMENTS[ast.Match] = match
