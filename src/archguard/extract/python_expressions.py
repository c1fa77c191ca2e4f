"""Expressions: the small trees, and the events that evaluating them causes, in their order."""

from __future__ import annotations

import ast

from archguard.extract import python_literals
from archguard.extract.python_state import BUILTINS, CUT, DEPTH_LIMIT, EXPRESSIONS, Frame
from archguard.extract.secret_names import secret_name
from archguard.extract.secret_places import claim
from archguard.model.facts import (
    Attr,
    Await,
    Call,
    Const,
    Container,
    Expr,
    Name,
    Op,
    Read,
    Region,
    Result,
    SecretUse,
    Write,
    Yield,
)

NONE = Const(None)
DOUBLE_STAR = Const("**")

BINARY: dict[type[ast.AST], str] = {
    ast.Add: "bin+",
    ast.Sub: "bin-",
    ast.Mult: "bin*",
    ast.MatMult: "bin@",
    ast.Div: "bin/",
    ast.Mod: "bin%",
    ast.Pow: "bin**",
    ast.LShift: "bin<<",
    ast.RShift: "bin>>",
    ast.BitOr: "bin|",
    ast.BitXor: "bin^",
    ast.BitAnd: "bin&",
    ast.FloorDiv: "bin//",
}
UNARY: dict[type[ast.AST], str] = {
    ast.Invert: "unary~",
    ast.Not: "not",
    ast.UAdd: "unary+",
    ast.USub: "unary-",
}
COMPARE: dict[type[ast.AST], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Is: " is",
    ast.IsNot: " is not",
    ast.In: " in",
    ast.NotIn: " not in",
}


def evaluate(frame: Frame, node: ast.expr) -> Expr:
    """Reads one expression."""
    return EXPRESSIONS[type(node)](frame, node)


def name(frame: Frame, node: ast.Name) -> Expr:
    """A bare name; its reading is an event where this scope does not bind it."""
    identifier = node.id
    value = Name(identifier)
    if identifier not in frame.bound and identifier not in BUILTINS:
        events = frame.events
        frame.reads.append(len(events))
        events.append(Read(frame.span(node, node), frame.region, value))
    return value


def attribute(frame: Frame, node: ast.Attribute) -> Expr:
    """A chain of attributes that is read: one event for the longest."""
    value = chain(frame, node, frame.depth)
    frame.events.append(Read(frame.span(node, node), frame.region, value))
    return value


def chain(frame: Frame, node: ast.Attribute, depth: int, secret: str = "") -> Expr:
    """A chain of attributes whose reader (a call, a write) holds it itself.

    ``secret``: what the value at its beginning goes by (``password = "…".encode()``).
    """
    base = node.value
    kind = type(base)
    if kind is ast.Name:
        return Attr(Name(base.id), node.attr)  # type: ignore[attr-defined]
    if kind is ast.Attribute:
        value = chain(frame, base, depth + 1, secret)  # type: ignore[arg-type]
    else:
        outer, frame.depth = frame.depth, depth + 1
        value = (
            python_literals.secret_value(frame, base, secret) if secret else EXPRESSIONS[kind](frame, base)
        )
        frame.depth = outer
    return Attr(value, node.attr) if depth < DEPTH_LIMIT else CUT


def call(
    frame: Frame, node: ast.Call, awaited: bool = False, discarded: bool = False, secret: str = ""
) -> Expr:
    """A call: callee, arguments, then the event. ``secret``: what its value's name gives away."""
    depth, frame.depth = frame.depth, 0
    callee = node.func
    kind = type(callee)
    function: Expr
    if kind is ast.Name:
        function = Name(callee.id)  # type: ignore[attr-defined]
    elif kind is ast.Attribute:
        function = chain(frame, callee, 0, secret)  # type: ignore[arg-type]
    else:
        function = EXPRESSIONS[kind](frame, callee)
    if secret or python_literals.gives_away(node):
        arguments, keywords = python_literals.secret_arguments(frame, node, secret)
    else:
        start = len(frame.module.secrets)
        arguments = tuple([EXPRESSIONS[type(a)](frame, a) for a in node.args]) if node.args else ()
        keywords = keyword_values(frame, node.keywords) if node.keywords else ()
        if len(frame.module.secrets) > start:
            python_literals.claim_handed(frame, node, start)
    events = frame.events
    result = Result(len(events))
    events.append(
        Call(frame.span(node, node), frame.region, function, arguments, keywords, awaited, discarded)
    )
    frame.depth = depth
    return result


def keyword_values(frame: Frame, keywords: list[ast.keyword]) -> tuple[tuple[str, Expr], ...]:
    """Keyword arguments; the literals of those with a secret's name are masked."""
    return tuple([(k.arg or "**", named(frame, k.arg or "", k.value, "argument")) for k in keywords])


def named(frame: Frame, label: str, node: ast.expr, use: SecretUse = "assigned") -> Expr:
    """A value that goes by a name."""
    kind = type(node)
    if kind not in python_literals.MASKABLE:
        return EXPRESSIONS[kind](frame, node)
    start = len(frame.module.secrets)
    if secret := secret_name(label):
        frame.label = label
        value = python_literals.secret_value(frame, node, secret)
    else:
        value = EXPRESSIONS[kind](frame, node)
    if len(frame.module.secrets) > start:
        claim(frame, start, label, use)
    return value


def await_(frame: Frame, node: ast.Await, discarded: bool = False) -> Expr:
    """An await: of a call it is a flag of the call, of anything else an event."""
    awaited = node.value
    if type(awaited) is ast.Call:
        return Op("await", (call(frame, awaited, True, discarded),))
    value = evaluate(frame, awaited)
    frame.events.append(Await(frame.span(node, node), frame.region, value))
    return Op("await", (value,))


def _operation(frame: Frame, kind: str, nodes: list[ast.expr]) -> Expr:
    depth = frame.depth
    frame.depth = depth + 1
    operands = tuple([EXPRESSIONS[type(n)](frame, n) for n in nodes])
    frame.depth = depth
    return Op(kind, operands) if depth < DEPTH_LIMIT else CUT


def binary(frame: Frame, node: ast.BinOp) -> Expr:
    """A binary operator. The left spine is a loop: long sums must not exhaust the stack."""
    spine: list[ast.BinOp] = []
    left: ast.expr = node
    while type(left) is ast.BinOp:
        spine.append(left)
        left = left.left
    depth = frame.depth
    frame.depth = depth + len(spine)
    value = EXPRESSIONS[type(left)](frame, left)
    for level in reversed(range(len(spine))):
        operator = spine[level]
        frame.depth = depth + level + 1
        right = EXPRESSIONS[type(operator.right)](frame, operator.right)
        inside = depth + level < DEPTH_LIMIT
        value = Op(BINARY[type(operator.op)], (value, right)) if inside else CUT
    frame.depth = depth
    return value


def unary(frame: Frame, node: ast.UnaryOp) -> Expr:
    """``not x``, ``-x``."""
    return _operation(frame, UNARY[type(node.op)], [node.operand])


def boolean(frame: Frame, node: ast.BoolOp) -> Expr:
    """``a or b or c``."""
    return _operation(frame, "or" if type(node.op) is ast.Or else "and", node.values)


def compare(frame: Frame, node: ast.Compare) -> Expr:
    """``a < b <= c``; literals compared with something that has a secret's name are masked."""
    operators = [COMPARE[type(op)] for op in node.ops]
    kind = "cmp" + operators[0] + "".join(" " + op.lstrip() for op in operators[1:])
    secret = python_literals.compared_secret(node)
    if secret:
        start, sides = len(frame.module.secrets), [node.left, *node.comparators]
        operands = tuple([python_literals.secret_value(frame, side, secret) for side in sides])
        claim(frame, start, python_literals.secret_side(node), "compared")
        return Op(kind, operands)
    return _operation(frame, kind, [node.left, *node.comparators])


def conditional(frame: Frame, node: ast.IfExp) -> Expr:
    """``then if test else otherwise``."""
    return _operation(frame, "if", [node.test, node.body, node.orelse])


def subscript(frame: Frame, node: ast.Subscript) -> Expr:
    """``base[index]``."""
    return _operation(frame, "subscript", [node.value, node.slice])


def slice_(frame: Frame, node: ast.Slice) -> Expr:
    """``lower:upper:step``, None where left out."""
    parts = (node.lower, node.upper, node.step)
    return Op("slice", tuple([NONE if p is None else EXPRESSIONS[type(p)](frame, p) for p in parts]))


def starred(frame: Frame, node: ast.Starred) -> Expr:
    """``*value``."""
    return _operation(frame, "*", [node.value])


def sequence(frame: Frame, node: ast.List | ast.Tuple | ast.Set) -> Expr:
    """A list, tuple or set display."""
    depth = frame.depth
    frame.depth = depth + 1
    items = tuple([EXPRESSIONS[type(n)](frame, n) for n in node.elts])
    frame.depth = depth
    return Container(_SEQUENCES[type(node)], items) if depth < DEPTH_LIMIT else CUT


_SEQUENCES: dict[type[ast.AST], str] = {ast.List: "list", ast.Tuple: "tuple", ast.Set: "set"}


def dictionary(frame: Frame, node: ast.Dict) -> Expr:
    """A dict display."""
    depth = frame.depth
    frame.depth = depth + 1
    keys: list[Expr] = []
    items: list[Expr] = []
    for key, value in zip(node.keys, node.values, strict=True):
        if key is None:
            keys.append(DOUBLE_STAR)
            items.append(EXPRESSIONS[type(value)](frame, value))
            continue
        keys.append(EXPRESSIONS[type(key)](frame, key))
        label = key.value if type(key) is ast.Constant and type(key.value) is str else ""
        items.append(named(frame, label, value, "key"))
    frame.depth = depth
    return Container("dict", tuple(items), tuple(keys)) if depth < DEPTH_LIMIT else CUT


def walrus(frame: Frame, node: ast.NamedExpr) -> Expr:
    """``target := value``."""
    value = named(frame, node.target.id, node.value)
    target = Name(node.target.id)
    frame.bind(node.target.id)
    frame.events.append(Write(frame.span(node, node), frame.region, target, value, ":="))
    return Op(":=", (target, value)) if frame.depth < DEPTH_LIMIT else CUT


def yield_(frame: Frame, node: ast.Yield | ast.YieldFrom) -> Expr:
    """A yield, which makes its scope a generator."""
    value = None if node.value is None else evaluate(frame, node.value)
    frame.generator = True
    delegated = type(node) is ast.YieldFrom
    frame.events.append(Yield(frame.span(node, node), frame.region, value, delegated))
    return Op("yield", () if value is None else (value,)) if frame.depth < DEPTH_LIMIT else CUT


# --- comprehensions ---------------------------------------------------------------------------------


def list_comprehension(frame: Frame, node: ast.ListComp) -> Expr:
    """``[element for …]``."""
    return _comprehension(frame, node, "listcomp", [node.elt])


def set_comprehension(frame: Frame, node: ast.SetComp) -> Expr:
    """``{element for …}``."""
    return _comprehension(frame, node, "setcomp", [node.elt])


def generator(frame: Frame, node: ast.GeneratorExp) -> Expr:
    """``(element for …)``."""
    return _comprehension(frame, node, "generator", [node.elt])


def dict_comprehension(frame: Frame, node: ast.DictComp) -> Expr:
    """``{key: value for …}``."""
    return _comprehension(frame, node, "dictcomp", [node.key, node.value])


_Comprehension = ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp


def _comprehension(frame: Frame, node: _Comprehension, kind: str, elements: list[ast.expr]) -> Expr:
    """Each ``for`` opens a region inside the one before it; its names are bound only there."""
    outer, fresh = frame.region, set[str]()
    place = frame.span(node, node)
    for clause in node.generators:
        iterable = evaluate(frame, clause.iter)
        frame.regions.append(Region("comprehension", frame.region, place, iterable, bool(clause.is_async)))
        frame.region = len(frame.regions) - 1
        before = set(frame.bound)
        bound_target = target(frame, clause.target)
        fresh |= frame.bound - before
        where = frame.span(clause.target, clause.target)
        frame.events.append(Write(where, frame.region, bound_target, iterable, "for"))
        for condition in clause.ifs:
            evaluate(frame, condition)
    value = _operation(frame, kind, elements)
    frame.bound -= fresh
    frame.region = outer
    return value


# --- targets ----------------------------------------------------------------------------------------


def target(frame: Frame, node: ast.expr) -> Expr:
    """What a binding writes to. Names become bound; a written chain is not also read."""
    kind = type(node)
    if kind is ast.Name:
        frame.bind(node.id)  # type: ignore[attr-defined]
        return Name(node.id)  # type: ignore[attr-defined]
    if kind is ast.Attribute:
        return chain(frame, node, 0)  # type: ignore[arg-type]
    if isinstance(node, ast.Subscript):
        base = node.value
        holder = chain(frame, base, 0) if isinstance(base, ast.Attribute) else _holder(frame, base)
        return Op("subscript", (holder, evaluate(frame, node.slice)))
    if isinstance(node, ast.List | ast.Tuple):
        return Container(_SEQUENCES[kind], tuple([target(frame, n) for n in node.elts]))
    if isinstance(node, ast.Starred):
        return Op("*", (target(frame, node.value),))
    return evaluate(frame, node)


def _holder(frame: Frame, node: ast.expr) -> Expr:
    return Name(node.id) if type(node) is ast.Name else evaluate(frame, node)


EXPRESSIONS.update(
    {
        ast.Name: name,
        ast.Attribute: attribute,
        ast.Call: call,
        ast.Await: await_,
        ast.BinOp: binary,
        ast.UnaryOp: unary,
        ast.BoolOp: boolean,
        ast.Compare: compare,
        ast.IfExp: conditional,
        ast.Subscript: subscript,
        ast.Slice: slice_,
        ast.Starred: starred,
        ast.List: sequence,
        ast.Tuple: sequence,
        ast.Set: sequence,
        ast.Dict: dictionary,
        ast.NamedExpr: walrus,
        ast.Yield: yield_,
        ast.YieldFrom: yield_,
        ast.ListComp: list_comprehension,
        ast.SetComp: set_comprehension,
        ast.GeneratorExp: generator,
        ast.DictComp: dict_comprehension,
    }
)
