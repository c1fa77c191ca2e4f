"""Small look-ups that several rules make: in the facts of one scope, and at the roots behind it."""

from __future__ import annotations

from collections.abc import Iterator

from archguard.model.facts import (
    Attr,
    Await,
    Call,
    Const,
    Container,
    Expr,
    Import,
    Name,
    Op,
    Region,
    Result,
    Scope,
    Write,
)
from archguard.model.program import Context, Edge, Function, Module, Program, events_of
from archguard.model.values import External, options_of


def call_of(edge: Edge) -> Call | None:
    """The call that an edge comes from, if it comes from one."""
    event = edge.caller.scope.events[edge.event] if edge.event >= 0 else None
    return event if isinstance(event, Call) else None


def library_calls(program: Program, function: Function, call: Call) -> set[str]:
    """The library functions that a call may mean; empty where it may mean anything else."""
    values = options_of(program.types.callee(function, call))
    paths = {value.path for value in values if isinstance(value, External)}
    return paths if len(values) == sum(isinstance(value, External) for value in values) else set()


def bound_value(function: Function, name: str) -> Expr | None:
    """What a local name is bound to, where it is bound by one plain assignment."""
    writes = [write for _, write in events_of(function, Write) if write.target == Name(name)]
    return writes[0].value if len(writes) == 1 and writes[0].how == "=" else None


def making_call(function: Function, value: Expr) -> Call | None:
    """The call whose result a value is: itself, or what its local name is bound to."""
    if isinstance(value, Name):
        value = bound_value(function, value.id) or value
    event = function.scope.events[value.event] if isinstance(value, Result) else None
    return event if isinstance(event, Call) else None


def entries_of(function: Function, mapping: Expr) -> list[tuple[str, Expr]] | None:
    """The keys and values of a mapping that is written out or made by ``dict(…)`` and left alone.

    What cannot be read has the key ``**``; None where the mapping is not seen at all.
    """
    if isinstance(mapping, Name):
        written = None if _is_changed(function, mapping) else bound_value(function, mapping.id)
        if written is None:
            return None
        mapping = written
    if isinstance(mapping, Container) and mapping.kind == "dict":
        names = [key.value if isinstance(key, Const) else None for key in mapping.keys]
        keys = [name if isinstance(name, str) else "**" for name in names]
        return list(zip(keys, mapping.items, strict=False))
    call = making_call(function, mapping)
    if call is None or call.function != Name("dict") or call.arguments:
        return None
    return list(call.keywords)


def _is_changed(function: Function, mapping: Name) -> bool:
    """Whether items are set on a mapping after it was made."""
    return any(
        isinstance(write.target, Op) and write.target.operands[:1] == (mapping,)
        for _, write in events_of(function, Write)
    )


def bound_name(item: Import) -> str:
    """The name that an import binds where it stands."""
    return item.alias or item.name or item.module.partition(".")[0]


def mentions(item: object, name: str) -> bool:
    """Whether a name is written anywhere in an event, an expression, a parameter or a tuple of them."""
    if isinstance(item, Name):
        return item.id == name
    if isinstance(item, tuple):
        return any(mentions(each, name) for each in item)
    fields: tuple[str, ...] = getattr(item, "__struct_fields__", ())
    return any(mentions(getattr(item, each), name) for each in fields)


def library_runs_in(program: Program, symbol: str, contexts: Context) -> bool:
    """Whether a call of a symbol's library runs in one of these contexts."""
    library = symbol.partition(".")[0] + "."
    of = program.contexts.get().of
    edges = (edge for found in program.edges.get().values() for edge in found)
    return any(edge.external.startswith(library) and of(edge.caller) & contexts for edge in edges)


def contains(item: object, wanted: Attr) -> bool:
    """Whether an attribute is read or written anywhere in an event, an expression or a tuple of them."""
    if item == wanted:
        return True
    if isinstance(item, tuple):
        return any(contains(each, wanted) for each in item)
    fields: tuple[str, ...] = getattr(item, "__struct_fields__", ())
    return any(contains(getattr(item, each), wanted) for each in fields)


def comes_only_from(program: Program, function: Function, contexts: Context) -> bool:
    """Whether something reaches a function, and only from roots of these contexts.

    A command's thread or loop counts as the command: what matters is where the way begins.
    """
    known = program.contexts.get()
    flags = known.of(function)
    return bool(flags) and all(
        flag in contexts or all(root.context in contexts for root in known.roots(function, flag))
        for flag in flags
    )


def handlers_of(scope: Scope, region: int) -> list[int]:
    """The indexes of the handlers of the ``try`` whose body this region is: they follow it, beside it."""
    parent = scope.regions[region].parent
    found = []
    for index in range(region + 1, len(scope.regions)):
        other = scope.regions[index]
        if other.parent == parent:
            if other.kind != "except":
                break
            found.append(index)
    return found


def within(scope: Scope, region: int, outer: int) -> bool:
    """Whether a region is another one or lies inside it."""
    while region > outer:
        region = scope.regions[region].parent
    return region == outer


def around(scope: Scope, region: int) -> Iterator[tuple[int, Region]]:
    """The regions that an event stands in, innermost first, without the scope's own body."""
    while region > 0:
        yield region, scope.regions[region]
        region = scope.regions[region].parent


def is_script_part(edge: Edge) -> bool:
    """Whether a call stands under ``if __name__ == "__main__"``: it runs in a command only."""
    scope = edge.caller.scope
    start = scope.events[edge.event].region if edge.event >= 0 else 0
    return any(each.kind == "if" and is_main_guard(each.subject) for _, each in around(scope, start))


def is_main_guard(expr: Expr | None) -> bool:
    """Whether a condition is ``__name__ == "__main__"``."""
    return (
        isinstance(expr, Op)
        and expr.kind == "cmp=="
        and Name("__name__") in expr.operands
        and Const("__main__") in expr.operands
    )


def runs_only_at_import(program: Program, function: Function, besides: Context) -> bool:
    """Whether a function is known to run while a module is imported, or in these contexts, and no others."""
    context = program.contexts.get().of(function)
    return bool(context) and not context & ~(besides | Context.IMPORT)


def is_imported(program: Program, module: Module) -> bool:
    """Whether production code imports a module as it runs, so that the module is no script."""
    return any(
        each.imported is module and each.importer.role == "source" and not each.typing_only
        for each in program.imports
    )


def is_awaited_in(scope: Scope, region: int) -> bool:
    """Whether anything is awaited in a region, an ``async with`` or ``async for`` included."""
    for event in scope.events:
        waits = isinstance(event, Await) or (isinstance(event, Call) and event.awaited)
        if waits and within(scope, event.region, region):
            return True
    return any(each.is_async and within(scope, index, region) for index, each in enumerate(scope.regions))


def runs_only_as_task(program: Program, function: Function) -> bool:
    """Whether a coroutine runs as a task of its own only: nobody that is known awaits it."""
    return all(edge.mode in {"task", "callback", "loop", "create"} for edge in program.edges_to(function))


def numbered(key: str, seen: dict[str, int], mark: str = ":") -> str:
    """A key that is met again in the same function gets its number, so that one more is seen to be new."""
    seen[key] = count = seen.get(key, 0) + 1
    return key if count == 1 else f"{key}{mark}{count}"


def caught_by(handler: Region) -> list[Expr]:
    """The types that a handler names, tuples of tuples included; empty for a bare ``except``."""
    todo = [] if handler.subject is None else [handler.subject]
    found: list[Expr] = []
    while todo:
        item = todo.pop(0)
        if isinstance(item, Container):
            todo[:0] = item.items
        else:
            found.append(item)
    return found


def last_name(expr: Expr | None) -> str:
    """The last part of a dotted name; empty for anything else."""
    return expr.id if isinstance(expr, Name) else expr.name if isinstance(expr, Attr) else ""


def try_of(scope: Scope, part: int) -> int:
    """The index of the ``try`` body that a handler, an ``else`` or a ``finally`` belongs to."""
    parent = scope.regions[part].parent
    beside = (index for index in range(part - 1, 0, -1) if scope.regions[index].parent == parent)
    return next((index for index in beside if scope.regions[index].kind == "try"), 0)
