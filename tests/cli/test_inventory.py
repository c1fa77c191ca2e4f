"""The inventory as people and benches read it."""

from __future__ import annotations

import json

from msgspec.structs import replace

from archguard.cli import inventory as command
from archguard.model.inventory import ColumnRow, Inventory, ModuleRow, RouteRow, Row, TableRow
from archguard.output import inventories

ROUTES = (
    RouteRow(file="a.py", line=3, method="GET", path="/a", kind="http", handler="a.get", is_async=True,
             status=200, auth=("user", "admin")),
    RouteRow(file="a.py", line=9, method="WS", path="/ws", kind="ws", handler="a.ws", is_async=True),
)  # fmt: skip
TABLES = (
    TableRow(file="1.sql", line=1, name="shop.orders", origin="migration", references=("users",),
             columns=(ColumnRow(name="id", type="double precision", nullable=False),)),
    TableRow(file="1.sql", line=9, name="users", origin="migration"),
)  # fmt: skip


def test_the_command_knows_every_kind() -> None:
    assert command.KINDS == inventories.KINDS


def test_routes_json_has_the_fields_that_are_promised() -> None:
    first = json.loads(inventories.as_json("routes", ROUTES))["routes"][0]
    assert first == {
        "method": "GET", "path": "/a", "kind": "http", "handler": "a.get", "file": "a.py", "line": 3,
        "async": True, "response_model": "", "status": 200, "auth": ["user", "admin"], "tags": [],
        "conditional": False, "from_default": False,
    }  # fmt: skip


def test_a_table_s_schema_is_apart_from_its_name() -> None:
    tables = json.loads(inventories.as_json("tables", TABLES))["tables"]
    assert [(t["schema"], t["name"]) for t in tables] == [("shop", "orders"), (None, "users")]
    assert tables[0]["columns"] == [{"name": "id", "type": "double precision", "nullable": False}]


def test_a_table_has_a_line_for_each_row_and_its_place() -> None:
    lines = inventories.as_table(ROUTES).splitlines()
    assert len(lines) == 2
    assert lines[0].split() == ["GET", "/a", "async", "a.get", "200", "user,", "admin", "a.py:3"]
    assert inventories.as_table(()) == ""


def test_a_route_that_only_moved_has_not_changed() -> None:
    moved: tuple[Row, ...] = (replace(ROUTES[0], line=77),)
    added, removed = inventories.changes(ROUTES, moved)
    assert (added, removed) == ([], [ROUTES[1]])


def test_the_entity_diagram_escapes_what_mermaid_reads() -> None:
    diagram = inventories.as_mermaid(Inventory(tables=TABLES), "tables")
    assert 't0["shop.orders"] {' in diagram
    assert "double_precision id" in diagram
    assert "t1 ||--o{ t0 : has" in diagram


def test_the_module_diagram_draws_source_only_and_says_what_it_leaves_out() -> None:
    modules = tuple(
        ModuleRow(file=f"{n}.py", line=1, name=f"m{n}", role="source" if n else "test", lines=1,
                  code_lines=1, functions=0, classes=0, imports=("m1", "m0"))
        for n in range(70)
    )  # fmt: skip
    diagram = inventories.as_mermaid(Inventory(modules=modules), "modules")
    assert "m0 --> m0" in diagram
    assert '"m0"' not in diagram
    assert "%% 9 more are not drawn" in diagram


def test_the_route_diagram_groups_by_file() -> None:
    diagram = inventories.as_mermaid(Inventory(routes=ROUTES), "routes")
    assert 'r0["GET /a"] --> f0' in diagram
