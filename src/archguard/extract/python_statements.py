"""Statements: events in evaluation order, and the regions that enclose them."""

from __future__ import annotations

import ast

from archguard.extract.python_annotations import annotation
from archguard.extract.python_expressions import await_, call, evaluate, named, target
from archguard.extract.python_imports import suppresses_import_error, takes_import_error
from archguard.extract.python_literals import MASKABLE, label_of, secret_value
from archguard.extract.python_state import STATEMENTS, Frame, Located, run
from archguard.extract.secret_names import secret_name
from archguard.extract.secret_places import claim, mark
from archguard.model.facts import Expr, Jump, Name, Raise, Region, RegionKind, Return, Write


def expression(frame: Frame, node: ast.Expr) -> None:
    """An expression whose value nobody keeps; a bare literal is nothing."""
    value = node.value
    kind = type(value)
    if kind is ast.Call:
        call(frame, value, False, True)  # type: ignore[arg-type]
    elif kind is ast.Await:
        await_(frame, value, True)  # type: ignore[arg-type]
    elif kind is not ast.Constant:
        evaluate(frame, value)


# --- bindings ---------------------------------------------------------------------------------------


def assign(frame: Frame, node: ast.Assign) -> None:
    """``a = b = value``: one write for each target."""
    value = _assigned(frame, node.targets, node.value)
    for one in node.targets:
        written = target(frame, one)
        frame.events.append(Write(frame.span(node, node), frame.region, written, value))


def _assigned(frame: Frame, targets: list[ast.expr], node: ast.expr) -> Expr:
    if type(node) not in MASKABLE:
        return evaluate(frame, node)
    start, label = len(frame.module.secrets), ""
    for one in targets:
        if secret := secret_name(label := label_of(one)):
            frame.label = label
            value = secret_value(frame, node, secret)
            break
        if isinstance(one, ast.Tuple | ast.List) and isinstance(node, ast.Tuple | ast.List):
            value = _unpacked(frame, one.elts, node)
            break
    else:
        value = evaluate(frame, node)
    if len(frame.module.secrets) > start:
        claim(frame, start, label, "assigned")
    return value


def _unpacked(frame: Frame, targets: list[ast.expr], node: ast.Tuple | ast.List) -> Expr:
    """``user, password = "u", "p"``: each value goes by its own name."""
    from archguard.model.facts import Container

    labels = [label_of(t) for t in targets] if len(targets) == len(node.elts) else [""] * len(node.elts)
    items = [named(frame, label, value) for label, value in zip(labels, node.elts, strict=True)]
    return Container("tuple" if isinstance(node, ast.Tuple) else "list", tuple(items))


def annotated(frame: Frame, node: ast.AnnAssign) -> None:
    """``name: annotation = value``; without a value it is a declaration, written all the same."""
    value = None if node.value is None else named(frame, label_of(node.target), node.value)
    written = target(frame, node.target)
    declared = annotation(frame, node.annotation)
    frame.events.append(Write(frame.span(node, node), frame.region, written, value, "=", declared))


def augmented(frame: Frame, node: ast.AugAssign) -> None:
    """``target += value``."""
    written = target(frame, node.target)
    value = named(frame, label_of(node.target), node.value)
    frame.events.append(Write(frame.span(node, node), frame.region, written, value, "aug"))


def type_alias(frame: Frame, node: ast.stmt) -> None:
    """``type X = …`` (Python 3.12)."""
    alias, value = getattr(node, "name", None), getattr(node, "value", None)
    if isinstance(alias, ast.Name) and isinstance(value, ast.expr):
        frame.bind(alias.id)
        frame.events.append(
            Write(frame.span(node, node), frame.region, Name(alias.id), annotation(frame, value))
        )


def delete(frame: Frame, node: ast.Delete) -> None:
    """``del a, b[c]``."""
    for one in node.targets:
        written = target(frame, one)
        frame.events.append(Write(frame.span(one, one), frame.region, written, None, "del"))


def global_(frame: Frame, node: ast.Global) -> None:
    """``global x``."""
    frame.globals.extend(node.names)
    frame.outside.update(node.names)
    frame.bound.difference_update(node.names)


def nonlocal_(frame: Frame, node: ast.Nonlocal) -> None:
    """``nonlocal x``."""
    frame.nonlocals.extend(node.names)
    frame.outside.update(node.names)
    frame.bound.difference_update(node.names)


# --- leaving ----------------------------------------------------------------------------------------


def return_(frame: Frame, node: ast.Return) -> None:
    """``return value``."""
    value: Expr | None = None
    if node.value is not None:
        literal = frame.secret and type(node.value) is ast.Constant
        start = len(frame.module.secrets)
        value = secret_value(frame, node.value, frame.secret) if literal else evaluate(frame, node.value)
        if len(frame.module.secrets) > start:
            mark(frame, start, "returned")
    frame.events.append(Return(frame.span(node, node), frame.region, value))


def raise_(frame: Frame, node: ast.Raise) -> None:
    """``raise value from cause``."""
    value = None if node.exc is None else evaluate(frame, node.exc)
    cause = None if node.cause is None else evaluate(frame, node.cause)
    frame.events.append(Raise(frame.span(node, node), frame.region, value, cause))


def break_(frame: Frame, node: ast.Break) -> None:
    """``break``."""
    frame.events.append(Jump(frame.span(node, node), frame.region, "break"))


def continue_(frame: Frame, node: ast.Continue) -> None:
    """``continue``."""
    frame.events.append(Jump(frame.span(node, node), frame.region, "continue"))


def assert_(frame: Frame, node: ast.Assert) -> None:
    """``assert test, message``: only what it evaluates."""
    evaluate(frame, node.test)
    if node.msg is not None:
        evaluate(frame, node.msg)


# --- regions ----------------------------------------------------------------------------------------


def within(
    frame: Frame,
    kind: RegionKind,
    first: Located,
    statements: list[ast.stmt],
    subject: Expr | None = None,
) -> None:
    """Reads statements in a region of their own, which reaches from ``first`` to the last of them."""
    outer = frame.region
    enter(frame, kind, first, statements[-1], subject)
    run(frame, statements)
    frame.region = outer


def enter(
    frame: Frame,
    kind: RegionKind,
    first: Located,
    last: Located,
    subject: Expr | None,
    *,
    is_async: bool = False,
) -> None:
    """Opens a region inside the current one."""
    frame.regions.append(Region(kind, frame.region, frame.span(first, last), subject, is_async))
    frame.region = len(frame.regions) - 1


def if_(frame: Frame, node: ast.If) -> None:
    """``if``, and its ``else`` with the same test."""
    test = evaluate(frame, node.test)
    typing_only = frame.typing_only
    checking = _type_checking(node.test)
    frame.typing_only = typing_only or checking == 1
    within(frame, "if", node, node.body, test)
    frame.typing_only = typing_only or checking == -1
    if node.orelse:
        within(frame, "else", node.orelse[0], node.orelse, test)
    frame.typing_only = typing_only


def _type_checking(test: ast.expr) -> int:
    """1 for ``TYPE_CHECKING``, -1 for its negation, else 0."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return -_type_checking(test.operand)
    name = test.id if isinstance(test, ast.Name) else test.attr if isinstance(test, ast.Attribute) else ""
    return int(name == "TYPE_CHECKING")


def for_(frame: Frame, node: ast.For | ast.AsyncFor) -> None:
    """``for`` and ``async for``; the iterable is evaluated outside the loop."""
    iterable = evaluate(frame, node.iter)
    outer = frame.region
    enter(frame, "for", node, node.body[-1], iterable, is_async=type(node) is ast.AsyncFor)
    written = target(frame, node.target)
    where = frame.span(node.target, node.target)
    frame.events.append(Write(where, frame.region, written, iterable, "for"))
    run(frame, node.body)
    frame.region = outer
    if node.orelse:
        within(frame, "loop-else", node.orelse[0], node.orelse, iterable)


def while_(frame: Frame, node: ast.While) -> None:
    """``while``; its condition is evaluated inside the loop, once each turn."""
    outer = frame.region
    enter(frame, "while", node, node.body[-1], None)
    index = frame.region
    test = evaluate(frame, node.test)
    frame.regions[index] = Region("while", outer, frame.regions[index].place, test)
    run(frame, node.body)
    frame.region = outer
    if node.orelse:
        within(frame, "loop-else", node.orelse[0], node.orelse, test)


def with_(frame: Frame, node: ast.With | ast.AsyncWith) -> None:
    """``with`` and ``async with``: one region for each item, nested."""
    outer, guarded = frame.region, frame.guarded
    is_async = type(node) is ast.AsyncWith
    for item in node.items:
        manager = evaluate(frame, item.context_expr)
        enter(frame, "with", item.context_expr, node.body[-1], manager, is_async=is_async)
        if item.optional_vars is not None:
            written = target(frame, item.optional_vars)
            where = frame.span(item.optional_vars, item.optional_vars)
            frame.events.append(Write(where, frame.region, written, manager, "with"))
        frame.guarded = frame.guarded or suppresses_import_error(item.context_expr)
    run(frame, node.body)
    frame.region, frame.guarded = outer, guarded


def try_(frame: Frame, node: ast.Try) -> None:
    """``try`` with its handlers, ``else`` and ``finally``: siblings, each a region."""
    guarded = frame.guarded
    frame.guarded = guarded or any(takes_import_error(h.type) for h in node.handlers)
    within(frame, "try", node, node.body)
    frame.guarded = guarded
    for handler in node.handlers:
        _handler(frame, handler)
    if node.orelse:
        within(frame, "try-else", node.orelse[0], node.orelse)
    if node.finalbody:
        within(frame, "finally", node.finalbody[0], node.finalbody)


def _handler(frame: Frame, handler: ast.ExceptHandler) -> None:
    taken = None if handler.type is None else evaluate(frame, handler.type)
    outer = frame.region
    enter(frame, "except", handler, handler, taken)
    if handler.name:
        frame.bind(handler.name)
        where = frame.span(handler.type or handler, handler.type or handler)
        frame.events.append(Write(where, frame.region, Name(handler.name), taken, "except"))
    run(frame, handler.body)
    frame.region = outer


STATEMENTS.update(
    {
        ast.Expr: expression,
        ast.Assign: assign,
        ast.AnnAssign: annotated,
        ast.AugAssign: augmented,
        ast.Delete: delete,
        ast.Global: global_,
        ast.Nonlocal: nonlocal_,
        ast.Return: return_,
        ast.Raise: raise_,
        ast.Assert: assert_,
        ast.Break: break_,
        ast.Continue: continue_,
        ast.If: if_,
        ast.For: for_,
        ast.AsyncFor: for_,
        ast.While: while_,
        ast.With: with_,
        ast.AsyncWith: with_,
        ast.Try: try_,
        ast.TryStar: try_,
    }
)
if hasattr(ast, "TypeAlias"):
    STATEMENTS[ast.TypeAlias] = type_alias
