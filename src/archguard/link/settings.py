"""Settings: fields of settings classes, and environment variables read in code."""

from __future__ import annotations

from collections.abc import Iterator

from archguard.link.types import Resolver
from archguard.model.facts import Attr, Call, Const, Expr, Masked, Name, Op, Read, Result, Write
from archguard.model.program import Class, Function, Program, Setting
from archguard.model.values import External

_READERS = {"os.getenv", "os.environ.get", "os.environ.pop", "os.environ.setdefault"}


def find_settings(program: Program, resolver: Resolver) -> tuple[Setting, ...]:
    """All settings of production code, in order of place."""
    found = [
        setting
        for cls in program.classes.values()
        if cls.module.role == "source" and _is_settings(program, resolver, cls)
        for setting in _fields(program, resolver, cls)
    ]
    for module, scopes in program.scopes.items():
        if module.role in {"source", "script"}:
            for scope in scopes:
                found += _variables(resolver, scope)
    return tuple(sorted(dict.fromkeys(found), key=lambda setting: (setting.span, setting.name)))


def _is_settings(program: Program, resolver: Resolver, cls: Class) -> bool:
    roles = program.policy.knowledge.roles
    return any(
        isinstance(base, External) and roles.get(base.path) == "settings"
        for base in resolver.classes.known_ancestors(cls)
    )


def _fields(program: Program, resolver: Resolver, cls: Class) -> Iterator[Setting]:
    body = resolver.classes.body(cls)
    for event in body.scope.events:
        if isinstance(event, Write) and isinstance(event.target, Name) and event.annotation is not None:
            name = event.target.id
            if name == "model_config":
                continue
            value = _field_default(body, event.value)
            required = value is None or value == Const("...")
            yield Setting(name, "field", cls.module.span(event.place), required, shown(value))


def _field_default(body: Function, value: Expr | None) -> Expr | None:
    """The default inside ``Field(default, …)`` or ``Field(default=…)``."""
    if not isinstance(value, Result):
        return value
    call = body.scope.events[value.event]
    if not isinstance(call, Call):
        return value
    keywords = dict(call.keywords)
    if "default_factory" in keywords:
        return keywords["default_factory"]
    if "default" in keywords:
        return keywords["default"]
    return call.arguments[0] if call.arguments else None


def _variables(resolver: Resolver, scope: Function) -> Iterator[Setting]:
    for event in scope.scope.events:
        if isinstance(event, Call):
            callee = resolver.callee(scope, event)
            if isinstance(callee, External) and callee.path in _READERS and event.arguments:
                name = event.arguments[0]
                default = event.arguments[1] if len(event.arguments) > 1 else None
                default = dict(event.keywords).get("default", default)
                if isinstance(name, Const) and isinstance(name.value, str):
                    span = scope.module.span(event.place)
                    yield Setting(name.value, "environment", span, False, shown(default))
        elif isinstance(event, (Read, Write)) and event.value is not None:
            yield from _subscripted(resolver, scope, event, event.value)


def _subscripted(resolver: Resolver, scope: Function, event: Read | Write, expr: Expr) -> Iterator[Setting]:
    """``os.environ["NAME"]``: required, since a missing one raises."""
    if isinstance(expr, Op) and expr.kind == "subscript" and isinstance(expr.operands[0], (Attr, Name)):
        name = expr.operands[1]
        base = resolver.value(scope, expr.operands[0])
        known = isinstance(base, External) and base.path == "os.environ"
        if known and isinstance(name, Const) and isinstance(name.value, str):
            yield Setting(name.value, "environment", scope.module.span(event.place), True)


def shown(value: Expr | None) -> str:
    """A default as it may be shown: literals as they stand, secrets masked, the rest as ``…``."""
    if value is None:
        return ""
    if isinstance(value, Const):
        return "" if value.value == "..." else repr(value.value)
    if isinstance(value, Masked):
        return f"<{value.kind}, {value.length} characters>"
    return "…"
