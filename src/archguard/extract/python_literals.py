"""Literals: kept, cut, or masked where their format or the name they go by says secret."""

from __future__ import annotations

import ast

from archguard.extract.python_state import CUT, DEPTH_LIMIT, EXPRESSIONS, Frame
from archguard.extract.secret_formats import dsn_password_across, masked
from archguard.extract.secret_names import secret_call, secret_name
from archguard.extract.secret_places import SINKS, claim, describe, dotted, key_position, mark, note
from archguard.extract.secret_values import is_like, is_scheme
from archguard.extract.sql_text import looks_like_sql
from archguard.model.facts import Const, Container, Expr, Masked, Op, Text

TEXT_LIMIT = 200
SQL_LIMIT = 20_000
HARMLESS_LENGTH = 9
"""Strings up to this length are no secret by their format alone."""

INTEGERS = range(-(2**63), 2**64)
"""What the encoding can hold; a larger number is an unknown constant."""

MASKABLE = frozenset(
    {
        ast.Constant,
        ast.JoinedStr,
        ast.BinOp,
        ast.BoolOp,
        ast.IfExp,
        ast.List,
        ast.Tuple,
        ast.Set,
        ast.Dict,
        ast.Call,
    }
)
"""The expressions in which a named secret can stand as a literal."""

VALUE_CALLS = frozenset(
    [
        "Secret",
        "SecretStr",
        "SecretBytes",
        "Field",
        "Form",
        "Query",
        "Body",
        "Header",
        "Cookie",
        "Param",
        "Option",
        "Argument",
        "str",
        "bytes",
        "quote",
        "quote_plus",
        "b64encode",
        "b64decode",
        "unhexlify",
        "fromhex",
        "strip",
        "format",
        "join",
        "Fernet",
        "hashpw",
        "URLSafeSerializer",
    ]
)
"""Calls that hand their first argument on as the value; others take the name of where to find it."""

NONE = Const(None)
TRUE, FALSE = Const(True), Const(False)


def constant(frame: Frame, node: ast.Constant) -> Expr:
    """A literal as it may be kept."""
    value = node.value
    if type(value) is str:
        known = frame.module.strings.get(value)
        if known is None:
            known = frame.module.strings[value] = string(value)
        if type(known) is Masked:
            note(frame, node, known)
        return known
    if value is None:
        return NONE
    if type(value) is bool:
        return TRUE if value else FALSE
    if type(value) is int:
        return Const(value) if value in INTEGERS else NONE
    if type(value) is float:
        return Const(value)
    if type(value) is bytes and len(value) > HARMLESS_LENGTH:
        text = value.decode("latin-1")
        if secret := masked(text):
            note(frame, node, secret)
            return secret
    return NONE


def string(value: str) -> Expr:
    """A string, masked if its format is a secret's, else whole or cut."""
    length = len(value)
    if length > HARMLESS_LENGTH:
        if secret := masked(value):
            return secret
        if length > TEXT_LIMIT:
            value = value[: SQL_LIMIT if looks_like_sql(value) else TEXT_LIMIT]
    if not value.isascii():
        value = value.encode("utf-8", "replace").decode("utf-8")
    return Const(value)


def joined(frame: Frame, node: ast.JoinedStr) -> Expr:
    """An f-string (or template string)."""
    return _text(frame, node, dsn_password_across(_skeleton(node)))


def _skeleton(node: ast.JoinedStr) -> str:
    """The literal parts with each hole as a null character."""
    return "".join(
        p.value if isinstance(p, ast.Constant) and isinstance(p.value, str) else "\0" for p in node.values
    )


def _text(frame: Frame, node: ast.JoinedStr, secret: str) -> Expr:
    depth, frame.depth = frame.depth, frame.depth + 1
    parts: list[Expr] = []
    for part in node.values:
        if isinstance(part, ast.Constant):
            hidden = secret and isinstance(part.value, str) and any(map(str.isalnum, part.value))
            parts.append(_masked(frame, part, secret, True) if hidden else constant(frame, part))
        elif isinstance(part, ast.FormattedValue):
            parts.append(EXPRESSIONS[type(part.value)](frame, part.value))
            if part.format_spec is not None:
                EXPRESSIONS[type(part.format_spec)](frame, part.format_spec)
        else:
            parts.append(_interpolation(frame, part))
    frame.depth = depth
    return Text(tuple(parts)) if depth < DEPTH_LIMIT else CUT


def _interpolation(frame: Frame, part: ast.expr) -> Expr:
    """A hole of a template string (Python 3.14), whose node older Pythons do not have."""
    value = getattr(part, "value", None)
    return EXPRESSIONS[type(value)](frame, value) if isinstance(value, ast.expr) else CUT


# --- masking by name ---------------------------------------------------------------------------------


def _masked(frame: Frame, node: ast.Constant, kind: str, part: bool = False) -> Expr:
    """``part``: it is one of the pieces of an f-string."""
    value = node.value
    if isinstance(value, bytes):
        value = value.decode("latin-1")
    if not isinstance(value, str):
        return NONE
    if not value or is_scheme(value):
        return Const(value)
    secret = masked(value, kind)
    if secret is None:
        return Const(value)
    if part or is_like(value, frame.label):
        said = "part" if part else "name-like"
        secret = Masked(secret.kind, secret.length, (*secret.features, said))
    note(frame, node, secret, kind)
    return secret


def secret_value(frame: Frame, node: ast.expr, kind: str) -> Expr:
    """A value that goes by a secret's name: the literals that it is made of are masked."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
        return _masked(frame, node, kind)
    if isinstance(node, ast.Call):
        from archguard.extract.python_expressions import call

        return call(frame, node, secret=kind)
    if isinstance(node, ast.JoinedStr):
        return _text(frame, node, kind)
    composed = _composed(frame, node, kind) if frame.depth < DEPTH_LIMIT else None
    return EXPRESSIONS[type(node)](frame, node) if composed is None else composed


def _composed(frame: Frame, node: ast.expr, kind: str) -> Expr | None:
    depth, frame.depth = frame.depth, frame.depth + 1
    try:
        return _parts(frame, node, kind)
    finally:
        frame.depth = depth


def _parts(frame: Frame, node: ast.expr, kind: str) -> Expr | None:
    def inner(part: ast.expr) -> Expr:
        return secret_value(frame, part, kind)

    start = len(frame.module.secrets)
    if isinstance(node, ast.BinOp):
        from archguard.extract.python_expressions import BINARY

        sides = (inner(node.left), inner(node.right))
        describe(frame, start, "part")
        return Op(BINARY[type(node.op)], sides)
    if isinstance(node, ast.BoolOp):
        values = tuple([inner(v) for v in node.values])
        if isinstance(node.op, ast.And):
            return Op("and", values)
        mark(frame, start, "fallback")
        return Op("or", values)
    if isinstance(node, ast.IfExp):
        test = EXPRESSIONS[type(node.test)](frame, node.test)
        return Op("if", (test, inner(node.body), inner(node.orelse)))
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        elements = tuple([inner(v) for v in node.elts])
        describe(frame, start, "element")
        return Container(type(node).__name__.lower(), elements)
    if isinstance(node, ast.Dict):
        keys: list[Expr] = []
        items: list[Expr] = []
        for key, value in zip(node.keys, node.values, strict=True):
            keys.append(Const("**") if key is None else EXPRESSIONS[type(key)](frame, key))
            items.append(inner(value))
        describe(frame, start, "element")
        return Container("dict", tuple(items), tuple(keys))
    return None


def gives_away(node: ast.Call) -> bool:
    """Whether a call itself names a secret: ``getenv("DB_PASSWORD", …)``, ``set_password(…)``."""
    arguments = node.args
    if not arguments:
        return False
    callee = node.func
    label = callee.attr if type(callee) is ast.Attribute else callee.id if type(callee) is ast.Name else ""
    return (
        secret_call(label)
        or (label in SINKS and key_position(node) >= 0)
        or (
            len(arguments) + len(node.keywords) > 1
            and bool(_key_secret(arguments))
            and label not in {"Option", "add_argument"}
        )
    )


def _key_secret(arguments: list[ast.expr]) -> str:
    """What the constant strings before the last argument give away (``setattr(o, "password", x)``)."""
    for argument in arguments[:2]:
        if type(argument) is ast.Constant and type(argument.value) is str:
            kind = secret_name(argument.value)
            if kind:
                return kind
    return ""


def secret_arguments(
    frame: Frame, node: ast.Call, secret: str
) -> tuple[tuple[Expr, ...], tuple[tuple[str, Expr], ...]]:
    """The arguments of a call that makes or looks up a secret; keys stay, values are masked."""
    from archguard.extract.python_expressions import named

    callee = node.func
    label = callee.attr if type(callee) is ast.Attribute else callee.id if type(callee) is ast.Name else ""
    position = key_position(node) if label in SINKS else -1
    whole = secret_call(label) or (bool(secret) and label in VALUE_CALLS)
    # What a call takes whole is a value though it reads like a name: `SecretStr("my-secret")`.
    key = "" if whole or position >= 0 else _key_secret(node.args)
    frame.label = frame.label if secret else ""
    kind = secret or key or ("named-secret-key" if position >= 0 else "named-password")
    arguments: list[Expr] = []
    keyed = whole
    start = len(frame.module.secrets)
    for index, argument in enumerate(node.args):
        is_key = (
            type(argument) is ast.Constant
            and type(argument.value) is str
            and bool(secret_name(argument.value))
        )
        # Only the first key stays as it is: what follows it is a value, whatever it reads like.
        given = keyed or index == position
        value = secret_value(frame, argument, kind) if given else EXPRESSIONS[type(argument)](frame, argument)
        arguments.append(value)
        keyed = keyed or is_key or (bool(secret) and type(argument) is ast.Constant)
    keywords = []
    for k in node.keywords:
        defaulting = k.arg in {"default", "default_value", "fallback", "value"}
        if defaulting:
            value = secret_value(frame, k.value, kind)
        else:
            value = named(frame, k.arg or "", k.value, "argument")
        keywords.append((k.arg or "**", value))
    if len(frame.module.secrets) > start:
        _claim_arguments(frame, node, start, key, whole or position >= 0)
    return tuple(arguments), tuple(keywords)


def claim_handed(frame: Frame, node: ast.Call, start: int) -> None:
    """Literals that their format gives away in the arguments of a call: ``getenv("DSN", "…")``."""
    first = node.args[0] if len(node.args) + len(node.keywords) > 1 and node.args else None
    if type(first) is ast.Constant and type(first.value) is str and first.value.isidentifier():
        claim(frame, start, first.value, "fallback", dotted(node.func))
    else:
        _claim_by_call(frame, node, start)


def _claim_arguments(frame: Frame, node: ast.Call, start: int, key: str, taken: bool) -> None:
    """A lookup's default goes by the key that is looked up, what a call takes as a secret by the call."""
    if key:
        words = [a.value for a in node.args[:2] if isinstance(a, ast.Constant) and isinstance(a.value, str)]
        claim(frame, start, next(w for w in words if secret_name(w)), "fallback", dotted(node.func))
    elif taken:
        _claim_by_call(frame, node, start)
    else:
        mark(frame, start, "fallback", dotted(node.func))


def _claim_by_call(frame: Frame, node: ast.Call, start: int) -> None:
    """What a call takes goes by the call's name, unless it only hands the value on."""
    written = dotted(node.func)
    if written.rpartition(".")[2] in VALUE_CALLS and key_position(node) < 0:
        mark(frame, start, "assigned", written)
    else:
        claim(frame, start, written, "argument", written)


def label_of(node: ast.expr | None) -> str:
    """The name that something goes by: the last part of a chain, a constant key, a looked-up key."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if isinstance(node, ast.Subscript):
        return label_of(node.slice) if isinstance(node.slice, ast.Constant) else label_of(node.value)
    if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
        return label_of(node.args[0])
    return label_of(node.value) if isinstance(node, ast.Starred) else ""


def compared_secret(node: ast.Compare) -> str:
    """What a comparison with a literal gives away by the other side's name."""
    sides = [node.left, *node.comparators]
    if not any(type(s) in MASKABLE and type(s) is not ast.Call for s in sides):
        return ""
    return secret_name(secret_side(node))


def secret_side(node: ast.Compare) -> str:
    """The name of the side of a comparison that is called a secret."""
    for side in [node.left, *node.comparators]:
        if type(side) is not ast.Constant and secret_name(label := label_of(side)):
            return label
    return ""


EXPRESSIONS.update({ast.Constant: constant, ast.JoinedStr: joined})
if hasattr(ast, "TemplateStr"):
    EXPRESSIONS[ast.TemplateStr] = joined
