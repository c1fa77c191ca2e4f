"""What the service is made of, ready to be written out: no references into the program."""

from __future__ import annotations

import msgspec


class Row(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Anything with a place: ``file`` relative to the repository's top, ``line`` from 1."""

    file: str
    line: int


class RouteRow(Row, frozen=True, kw_only=True, gc=False, rename={"is_async": "async"}):
    """An endpoint; the fields are those of ``inventory routes``. ``auth`` are the dependencies' names."""

    method: str
    path: str
    kind: str
    handler: str
    is_async: bool
    response_model: str = ""
    status: int = 0
    auth: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    conditional: bool = False
    from_default: bool = False


class ColumnRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A column of a table."""

    name: str
    type: str = ""
    nullable: bool = True


class TableRow(Row, frozen=True, kw_only=True, gc=False):
    """A table that a migration creates or a model declares."""

    name: str
    origin: str
    columns: tuple[ColumnRow, ...] = ()
    references: tuple[str, ...] = ()


class SettingRow(Row, frozen=True, kw_only=True, gc=False):
    """A setting; ``default`` is masked where it looks like a secret."""

    name: str
    kind: str
    required: bool
    default: str = ""


class ClientRow(Row, frozen=True, kw_only=True, gc=False):
    """A client of an external service, and how long it lives."""

    library: str
    symbol: str
    lifetime: str


class TaskRow(Row, frozen=True, kw_only=True, gc=False):
    """Work that runs beside its starter: a task, a thread, a queued job."""

    kind: str
    function: str


class ModuleRow(Row, frozen=True, kw_only=True, gc=False):
    """A module with its size and what it imports of the project."""

    name: str
    role: str
    lines: int
    code_lines: int
    functions: int
    classes: int
    imports: tuple[str, ...] = ()


class ServiceRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A service of the repository."""

    name: str
    root: str
    applications: tuple[str, ...] = ()
    processes: tuple[str, ...] = ()


class Gap(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What could not be determined: its kind, why, and how often."""

    kind: str
    reason: str
    count: int


class Inventory(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """All tables of the report, each sorted."""

    services: tuple[ServiceRow, ...] = ()
    modules: tuple[ModuleRow, ...] = ()
    routes: tuple[RouteRow, ...] = ()
    tables: tuple[TableRow, ...] = ()
    settings: tuple[SettingRow, ...] = ()
    clients: tuple[ClientRow, ...] = ()
    tasks: tuple[TaskRow, ...] = ()
    gaps: tuple[Gap, ...] = ()
