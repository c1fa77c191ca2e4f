"""Where contexts start: routes, dependencies, middleware, start-up, jobs, commands, module bodies."""

from __future__ import annotations

from collections.abc import Iterator

from archguard.model.facts import Attr, Call, Expr, Name, Op, Result
from archguard.model.program import Context, Function, Program, Root
from archguard.model.values import ClassRef, External, FunctionRef, Value, options_of

_DECORATED = {
    "middleware": ("middleware", Context.LOOP),
    "exception_handler": ("exception handler", Context.LOOP),
    "on_event": ("start-up", Context.STARTUP),
    "command": ("command", Context.CLI),
    "callback": ("command", Context.CLI),
}
_BY_ROLE = {
    "celery-task": ("job", Context.WORKER),
    "worker-task": ("job", Context.WORKER),
    "cli-command": ("command", Context.CLI),
}
_MIDDLEWARE_BASES = {
    "starlette.middleware.base.BaseHTTPMiddleware",
    "fastapi.middleware.base.BaseHTTPMiddleware",
}


def find_roots(program: Program) -> tuple[Root, ...]:
    """All roots of production code and tests, each once, in a fixed order."""
    found: dict[Root, None] = {}
    for root in _routes(program):
        found.setdefault(root)
    for module, scopes in program.scopes.items():
        for function in scopes:
            if module.role == "test":
                if function.scope.kind == "function":
                    found.setdefault(_root(function, Context.TEST, "test"))
                continue
            for root in _of_function(program, function):
                found.setdefault(root)
    return tuple(found)


def _root(function: Function, context: Context, kind: str, label: str = "") -> Root:
    shown = label or f"{kind} {function.label}"
    return Root(function, context, kind, f"{kind} {function.qualname}", shown, function.header)


def _routes(program: Program) -> Iterator[Root]:
    for route in program.routes.get():
        context = Context.LOOP if route.handler.scope.is_async else Context.THREADPOOL
        yield Root(route.handler, context, "route", route.name, route.name, route.handler.header)


def _of_function(program: Program, function: Function) -> Iterator[Root]:
    scope = function.scope
    if scope.kind == "module":
        yield from _module_body(function)
        return
    if scope.kind == "class":
        yield _root(function, Context.IMPORT, "import")
        return
    for dependency in _dependencies(program, function):
        context = Context.LOOP if dependency.scope.is_async else Context.THREADPOOL
        yield _root(dependency, context, "dependency", f"Depends({dependency.label})")
    for decorator in scope.decorators:
        yield from _decorated(program, function, decorator)
    if function.owner is not None:
        yield from _middleware(program, function)
    yield from _lifespan(program, function)


def _module_body(function: Function) -> Iterator[Root]:
    yield _root(function, Context.IMPORT, "import", f"import of {function.module.name}")


def _dependencies(program: Program, function: Function) -> Iterator[Function]:
    """What ``Depends(…)`` names in a function's defaults and annotations, or in its decorators."""
    outer = program.parent(function)
    if outer is None:
        return
    for parameter in function.scope.parameters:
        for expr in (parameter.default, parameter.annotation):
            if expr is not None:
                yield from _provided(program, outer, expr)


def _provided(program: Program, outer: Function, expr: Expr) -> Iterator[Function]:
    if isinstance(expr, Op):
        for operand in expr.operands:
            yield from _provided(program, outer, operand)
    elif hasattr(expr, "items"):
        for item in expr.items:
            yield from _provided(program, outer, item)
    elif isinstance(expr, Result):
        call = outer.scope.events[expr.event]
        if isinstance(call, Call) and call.arguments and _is_role(program, outer, call, "depends"):
            yield from _callables(program, outer, call.arguments[0])


def _callables(program: Program, outer: Function, expr: Expr) -> Iterator[Function]:
    for value in options_of(program.types.value(outer, expr)):
        if isinstance(value, FunctionRef):
            yield value.function
        elif isinstance(value, ClassRef):
            init = program.functions.get(f"{value.cls.qualname}.__init__")
            if init is not None:
                yield init


def _is_role(program: Program, scope: Function, call: Call, role: str) -> bool:
    callee = program.types.callee(scope, call)
    return isinstance(callee, External) and program.policy.knowledge.roles.get(callee.path) == role


def _decorated(program: Program, function: Function, decorator: Expr) -> Iterator[Root]:
    outer = program.parent(function)
    if outer is None:
        return
    target = decorator
    if isinstance(decorator, Result):
        call = outer.scope.events[decorator.event]
        if not isinstance(call, Call):
            return
        target = call.function
    value = program.types.value(outer, target)
    kind = _BY_ROLE.get(_role_of(program, value))
    if kind is None and isinstance(target, Attr):
        kind = _DECORATED.get(target.name)
        if target.name == "on_event" and isinstance(decorator, Result):
            yield _root(function, Context.STARTUP, "start-up", f"start-up {function.label}")
            return
    if kind is not None:
        name, context = kind
        if context == Context.LOOP and not function.scope.is_async:
            context = Context.THREADPOOL
        yield _root(function, context, name)


def _role_of(program: Program, value: Value) -> str:
    """The role of a decorator: its own, or that of a method of a known object (``app.task``)."""
    if not isinstance(value, External):
        return ""
    return program.policy.knowledge.roles.get(value.path, "")


def _middleware(program: Program, function: Function) -> Iterator[Root]:
    owner, name = function.owner, function.scope.name
    if owner is None or name not in {"dispatch", "__call__"} or not function.scope.is_async:
        return
    ancestors = program.types.ancestors(owner) or ()
    paths = {base.path for base in ancestors if isinstance(base, External)}
    names = [parameter.name for parameter in function.scope.parameters]
    if (name == "dispatch" and paths & _MIDDLEWARE_BASES) or names[1:4] == ["scope", "receive", "send"]:
        yield _root(function, Context.LOOP, "middleware", f"middleware {owner.scope.name}")


def _lifespan(program: Program, function: Function) -> Iterator[Root]:
    """An async generator under ``asynccontextmanager`` that an application is given as lifespan."""
    if not (function.scope.is_async and function.scope.is_generator):
        return
    if "lifespan" in function.scope.name or _handed_as_lifespan(program, function):
        yield _root(function, Context.STARTUP, "start-up", f"lifespan {function.label}")


def _handed_as_lifespan(program: Program, function: Function) -> bool:
    return any(
        name == "lifespan" and isinstance(value, (Name, Attr)) and _last(value) == function.scope.name
        for scope in program.scopes[function.module]
        for event in scope.scope.events
        if isinstance(event, Call)
        for name, value in event.keywords
    )


def _last(expr: Expr) -> str:
    return expr.name if isinstance(expr, Attr) else expr.id if isinstance(expr, Name) else ""
