"""Scopes: the module, classes, functions and lambdas, with what their headers evaluate."""

from __future__ import annotations

import ast

from archguard.extract.python_annotations import annotation
from archguard.extract.python_expressions import evaluate, keyword_values, named
from archguard.extract.python_renumber import settle
from archguard.extract.python_state import EXPRESSIONS, STATEMENTS, Frame, Module, run
from archguard.extract.secret_comments import scrubbed
from archguard.extract.secret_names import secret_name
from archguard.model.facts import Expr, Lambda, Parameter, ParameterKind, Return, Scope
from archguard.model.place import Place

DOC_LIMIT = 200

Definition = ast.FunctionDef | ast.AsyncFunctionDef


def module(state: Module, tree: ast.Module, place: Place) -> Frame:
    """The whole module as scope 0."""
    frame = _open(state, None, place)
    doc, statements = _documented(tree.body)
    run(frame, statements)
    _close(frame, Scope("module", "", -1, place, doc=doc))
    return frame


def function(frame: Frame, node: Definition) -> None:
    """A ``def`` or ``async def``; the header is evaluated by the enclosing scope."""
    decorators = tuple([evaluate(frame, d) for d in node.decorator_list])
    parameters = _parameters(frame, node.args)
    returns = None if node.returns is None else annotation(frame, node.returns)
    frame.bind(node.name)
    place = frame.span(node, node)
    inner = _open(frame.module, frame, place)
    inner.secret = secret_name(node.name)
    inner.bound.update([p.name for p in parameters])
    _bind_type_parameters(inner, node)
    doc, statements = _documented(node.body)
    run(inner, statements)
    scope = Scope(
        "function",
        node.name,
        frame.index,
        place,
        frame.region,
        len(frame.events),
        type(node) is ast.AsyncFunctionDef,
        inner.generator,
        _is_stub(statements),
        parameters,
        returns,
        decorators,
        doc=doc,
    )
    _close(inner, scope)


def class_(frame: Frame, node: ast.ClassDef) -> None:
    """A class; its body is a scope with events."""
    decorators = tuple([evaluate(frame, d) for d in node.decorator_list])
    bases = tuple([evaluate(frame, b) for b in node.bases])
    keywords = keyword_values(frame, node.keywords)
    position = len(frame.events)
    place = frame.span(node, node)
    inner = _open(frame.module, frame, place)
    _bind_type_parameters(inner, node)
    doc, statements = _documented(node.body)
    run(inner, statements)
    frame.bind(node.name)
    scope = Scope(
        "class",
        node.name,
        frame.index,
        place,
        frame.region,
        position,
        stub=_is_stub(statements),
        decorators=decorators,
        bases=bases,
        keywords=keywords,
        doc=doc,
    )
    _close(inner, scope)


def lambda_(frame: Frame, node: ast.Lambda) -> Expr:
    """A lambda; its body is a return."""
    parameters = _parameters(frame, node.args)
    place = frame.span(node, node)
    inner = _open(frame.module, frame, place)
    inner.bound.update([p.name for p in parameters])
    value = evaluate(inner, node.body)
    inner.events.append(Return(frame.span(node.body, node.body), 0, value))
    scope = Scope(
        "lambda", "<lambda>", frame.index, place, frame.region, len(frame.events), parameters=parameters
    )
    _close(inner, scope)
    return Lambda(inner.index)


def _open(state: Module, outer: Frame | None, place: Place) -> Frame:
    """A frame for the next scope; its place in the list is taken before those inside it."""
    index = len(state.scopes)
    state.scopes.append(_RESERVED)
    return Frame(state, index, place, outer.typing_only if outer else False)


_RESERVED = Scope("module", "", -1, Place(1, 1, 1, 1))


def _close(frame: Frame, header: Scope) -> None:
    """Puts the finished scope where its place was taken."""
    settle(frame)
    frame.module.scopes[frame.index] = Scope(
        header.kind,
        header.name,
        header.parent,
        header.place,
        header.region,
        header.position,
        header.is_async,
        frame.generator,
        header.stub,
        header.parameters,
        header.returns,
        header.decorators,
        header.bases,
        header.keywords,
        tuple(frame.globals),
        tuple(frame.nonlocals),
        header.doc,
        tuple(frame.regions),
        tuple(frame.events),
    )


def _parameters(frame: Frame, arguments: ast.arguments) -> tuple[Parameter, ...]:
    """All parameters in their order; defaults are evaluated before annotations, as Python does."""
    positional = arguments.posonlyargs + arguments.args
    if not positional and not arguments.kwonlyargs and arguments.vararg is None and arguments.kwarg is None:
        return ()
    without = len(positional) - len(arguments.defaults)
    defaults: dict[int, Expr] = {}
    for parameter, default in zip(positional[without:], arguments.defaults, strict=True):
        defaults[id(parameter)] = named(frame, parameter.arg, default, "parameter")
    for parameter, value in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        if value is not None:
            defaults[id(parameter)] = named(frame, parameter.arg, value, "parameter")
    kinds: list[tuple[ParameterKind, list[ast.arg]]] = [
        ("positional", arguments.posonlyargs),
        ("normal", arguments.args),
        ("var", [arguments.vararg] if arguments.vararg else []),
        ("keyword", arguments.kwonlyargs),
        ("kwargs", [arguments.kwarg] if arguments.kwarg else []),
    ]
    return tuple(
        [
            Parameter(
                p.arg,
                kind,
                None if p.annotation is None else annotation(frame, p.annotation),
                defaults.get(id(p)) if defaults else None,
            )
            for kind, group in kinds
            for p in group
        ]
    )


def _bind_type_parameters(inner: Frame, node: Definition | ast.ClassDef) -> None:
    """The names of ``def f[T]``; bounds are types and evaluate nothing."""
    inner.bound.update([p.name for p in getattr(node, "type_params", ())])


def _documented(body: list[ast.stmt]) -> tuple[str, list[ast.stmt]]:
    """The docstring's first line, and the statements without it."""
    first = body[0] if body else None
    if type(first) is ast.Expr and type(first.value) is ast.Constant and type(first.value.value) is str:
        return _first_line(first.value.value), body[1:]
    return "", body


def _first_line(doc: str) -> str:
    line = scrubbed(doc.strip().partition("\n")[0].strip())[:DOC_LIMIT]
    return line if line.isascii() else line.encode("utf-8", "replace").decode()


def _is_stub(statements: list[ast.stmt]) -> bool:
    """Whether a body does nothing: ``...``, ``pass``, ``raise NotImplementedError``."""
    return len(statements) <= 2 and all(map(_does_nothing, statements))


def _does_nothing(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Pass):
        return True
    if isinstance(statement, ast.Expr):
        return isinstance(statement.value, ast.Constant)
    if not isinstance(statement, ast.Raise):
        return False
    raised = statement.exc.func if isinstance(statement.exc, ast.Call) else statement.exc
    return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"


STATEMENTS.update({ast.FunctionDef: function, ast.AsyncFunctionDef: function, ast.ClassDef: class_})
EXPRESSIONS[ast.Lambda] = lambda_
