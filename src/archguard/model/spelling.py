"""Facts back to code: how an expression is written, for messages, chains and suggested code."""

from __future__ import annotations

from archguard.model.facts import (
    Attr,
    Call,
    Const,
    Container,
    Expr,
    Lambda,
    Masked,
    Name,
    Op,
    Result,
    Scope,
)

_BRACKETS = {"list": ("[", "]"), "tuple": ("(", ")"), "set": ("{", "}"), "dict": ("{", "}")}
_LONGEST = 60
_LONGEST_LINE = 80


def spell(scope: Scope, expr: Expr) -> str:
    """The expression as code, ``…`` where facts do not say; secrets are never spelled."""
    if isinstance(expr, Name):
        return expr.id
    if isinstance(expr, Attr):
        return f"{spell(scope, expr.base)}.{expr.name}"
    if isinstance(expr, Result):
        event = scope.events[expr.event] if 0 <= expr.event < len(scope.events) else None
        return spell_call(scope, event) if isinstance(event, Call) else "…"
    if isinstance(expr, Const):
        return _constant(expr)
    if isinstance(expr, Container):
        return _container(scope, expr)
    if isinstance(expr, Op):
        return _operation(scope, expr)
    if isinstance(expr, Lambda):
        return "lambda: …"
    return '"***"' if isinstance(expr, Masked) else 'f"…"'


def spell_call(scope: Scope, call: Call) -> str:
    """A call as code: ``await client.get(url, timeout=5)``."""
    arguments = [spell(scope, each) for each in call.arguments]
    arguments += [
        f"**{spell(scope, value)}" if name == "**" else f"{name}={spell(scope, value)}"
        for name, value in call.keywords
    ]
    inner = ", ".join(arguments)
    if len(inner) > _LONGEST:
        inner = "…"
    return f"{'await ' if call.awaited else ''}{spell(scope, call.function)}({inner})"


def in_thread(scope: Scope, call: Call) -> str:
    """A synchronous call moved to a thread, as code that a coroutine can hold."""
    arguments = [spell(scope, call.function), *(spell(scope, each) for each in call.arguments)]
    arguments += [f"{name}={spell(scope, value)}" for name, value in call.keywords if name != "**"]
    inner = ", ".join(arguments)
    if len(inner) > _LONGEST_LINE or not is_exact(inner):
        inner = f"{arguments[0]}, …" if len(arguments) > 1 else arguments[0]
    return f"await asyncio.to_thread({inner})"


def with_argument(call: str, argument: str) -> str:
    """A spelled call with one argument more; empty where it is not spelled whole, or has it already."""
    if not call.endswith(")") or not is_exact(call) or f"{argument.partition('=')[0]}=" in call:
        return ""
    return f"{call[:-1]}{'' if call.endswith('()') else ', '}{argument})"


def is_exact(text: str) -> bool:
    """Whether spelled code is the whole of what stands in the source."""
    return "…" not in text and "***" not in text


def _constant(expr: Const) -> str:
    if isinstance(expr.value, str) and len(expr.value) > _LONGEST:
        return '"…"'
    return repr(expr.value)


def _container(scope: Scope, expr: Container) -> str:
    opening, closing = _BRACKETS.get(expr.kind, ("(", ")"))
    items = [spell(scope, each) for each in expr.items]
    if expr.kind == "dict":
        items = [f"{spell(scope, k)}: {v}" for k, v in zip(expr.keys, items, strict=False)]
    inner = ", ".join(items)
    if expr.kind == "tuple" and len(items) == 1:
        inner += ","
    return f"{opening}{inner}{closing}" if len(inner) <= _LONGEST else f"{opening}…{closing}"


def _operation(scope: Scope, expr: Op) -> str:
    parts = [spell(scope, each) for each in expr.operands]
    if expr.kind == "subscript" and len(parts) == 2:
        index = expr.operands[1]
        inner = parts[1][1:-1] if isinstance(index, Container) and index.kind == "tuple" else parts[1]
        return f"{parts[0]}[{inner}]"
    if expr.kind == "*" and parts:
        return f"*{parts[0]}"
    if expr.kind == "await" and parts:
        return f"await {parts[0]}"
    if expr.kind in {"or", "and"}:
        return f" {expr.kind} ".join(parts)
    if expr.kind.startswith("bin") and len(parts) == 2:
        return f"{parts[0]} {expr.kind[3:]} {parts[1]}"
    return "…"
