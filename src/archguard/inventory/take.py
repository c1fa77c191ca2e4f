"""From the program to the inventory: plain rows, sorted, without references into the program."""

from __future__ import annotations

from archguard.model.endpoints import UNKNOWN_PREFIX, Route
from archguard.model.inventory import (
    ClientRow,
    ColumnRow,
    Gap,
    Inventory,
    ModuleRow,
    RouteRow,
    ServiceRow,
    SettingRow,
    TableRow,
    TaskRow,
)
from archguard.model.program import Module, Program


def take(program: Program) -> Inventory:
    """Everything the report's tables and diagrams are made of."""
    routes = program.routes.get()
    return Inventory(
        services=tuple(
            ServiceRow(name=s.name, root=s.root, applications=s.applications, processes=s.processes)
            for s in program.services
        ),
        modules=_modules(program),
        routes=tuple(_route(route) for route in routes if not route.path.startswith(UNKNOWN_PREFIX)),
        tables=_tables(program),
        settings=tuple(
            SettingRow(
                file=s.span.path,
                line=s.span.line,
                name=s.name,
                kind=s.kind,
                required=s.required,
                default=s.default,
            )
            for s in program.settings.get()
        ),
        clients=tuple(
            ClientRow(
                file=c.span.path, line=c.span.line, library=c.library, symbol=c.symbol, lifetime=c.lifetime
            )
            for c in program.clients.get()
        ),
        tasks=tuple(
            TaskRow(file=t.span.path, line=t.span.line, kind=t.kind, function=t.function.qualname)
            for t in program.tasks.get()
        ),
        gaps=_gaps(program, routes),
    )


def _route(route: Route) -> RouteRow:
    return RouteRow(
        file=route.span.path,
        line=route.span.line,
        method=route.method,
        path=route.path,
        kind="ws" if route.method == "WS" else "http",
        handler=route.handler.qualname,
        is_async=route.handler.scope.is_async,
        response_model=route.response_model,
        status=route.status,
        auth=route.auth,
        tags=route.tags,
        conditional=route.conditional,
        from_default=route.from_default,
    )


def _modules(program: Program) -> tuple[ModuleRow, ...]:
    imported: dict[Module, set[str]] = {}
    for each in program.imports:
        imported.setdefault(each.importer, set()).add(each.imported.name)
    rows = []
    for module in program.modules.values():
        kinds = [scope.kind for scope in module.facts.scopes]
        rows.append(
            ModuleRow(
                file=module.path,
                line=1,
                name=module.name,
                role=module.role,
                lines=module.facts.lines,
                code_lines=module.facts.code_lines,
                functions=kinds.count("function"),
                classes=kinds.count("class"),
                imports=tuple(sorted(imported.get(module, ()))),
            )
        )
    return tuple(sorted(rows, key=lambda row: row.file))


def _tables(program: Program) -> tuple[TableRow, ...]:
    """Tables that SQL files create; models and Alembic follow with the database's own stage."""
    rows = [
        TableRow(
            file=path,
            line=statement.place.line,
            name=statement.table,
            origin="migration",
            columns=tuple(
                ColumnRow(name=c.name, type=c.type, nullable=c.nullable) for c in statement.columns
            ),
            references=tuple(sorted({c.references for c in statement.columns if c.references})),
        )
        for path, facts in program.sql.items()
        for statement in facts.statements
        if statement.verb == "create-table"
    ]
    return tuple(sorted(rows, key=lambda row: (row.name, row.file, row.line)))


def _gaps(program: Program, routes: tuple[Route, ...]) -> tuple[Gap, ...]:
    gaps = [
        Gap(kind=kind, reason=reason, count=count)
        for name, count in sorted(program.gaps.items())
        for kind, _, reason in (name.partition(":"),)
        if reason
    ]
    unknown = sum(route.path.startswith(UNKNOWN_PREFIX) for route in routes)
    if unknown:
        gaps.append(
            Gap(kind="routes", reason="no application is seen to include their router", count=unknown)
        )
    return tuple(gaps)
