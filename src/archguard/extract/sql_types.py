"""The columns that a statement declares, with types as PostgreSQL prints them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from archguard.extract.sql_tree import Tree, relation_name
from archguard.model.facts import SqlColumn

_PRINTED: Mapping[str, str] = {
    "int2": "smallint",
    "int4": "integer",
    "int8": "bigint",
    "float4": "real",
    "float8": "double precision",
    "bool": "boolean",
    "varchar": "character varying",
    "bpchar": "character",
    "timestamp": "timestamp without time zone",
    "timestamptz": "timestamp with time zone",
    "time": "time without time zone",
    "timetz": "time with time zone",
    "varbit": "bit varying",
}
_SERIALS = frozenset({"serial", "bigserial", "smallserial", "serial2", "serial4", "serial8"})


def columns_of(statement: Tree) -> tuple[SqlColumn, ...]:
    """The columns of a ``CREATE TABLE``, or those that an ``ALTER TABLE`` adds."""
    kind, body = next(iter(statement.items()))
    if kind == "CreateStmt":
        elements = body.get("tableElts", [])
    elif kind == "AlterTableStmt":
        commands = [c["AlterTableCmd"] for c in body.get("cmds", []) if "AlterTableCmd" in c]
        elements = [c["def"] for c in commands if c.get("subtype") == "AT_AddColumn" and "def" in c]
    else:
        return ()
    table_constraints = [e["Constraint"] for e in elements if "Constraint" in e]
    required = {n for c in table_constraints if c["contype"] == "CONSTR_PRIMARY" for n in _names(c, "keys")}
    references = dict(_table_references(table_constraints))
    columns = [e["ColumnDef"] for e in elements if "ColumnDef" in e]
    return tuple([_column(c, required, references) for c in columns])


def _column(column: Tree, required: set[str], references: Mapping[str, str]) -> SqlColumn:
    name = str(column.get("colname", ""))
    constraints = [c["Constraint"] for c in column.get("constraints", []) if "Constraint" in c]
    kinds = {c["contype"] for c in constraints}
    printed = _type(column.get("typeName", {}))
    forced = {"CONSTR_NOTNULL", "CONSTR_PRIMARY", "CONSTR_IDENTITY"}
    nullable = not (kinds & forced or name in required or printed in _SERIALS)
    foreign = next((_reference(c) for c in constraints if c["contype"] == "CONSTR_FOREIGN"), "")
    return SqlColumn(name, printed, nullable, foreign or references.get(name, ""))


def _table_references(constraints: list[Tree]) -> Iterator[tuple[str, str]]:
    """Foreign keys of one column that are declared beside the columns."""
    for constraint in constraints:
        columns = _names(constraint, "fk_attrs")
        if constraint["contype"] == "CONSTR_FOREIGN" and len(columns) == 1:
            yield columns[0], _reference(constraint)


def _reference(constraint: Tree) -> str:
    """``table(column)``, or ``table`` where its primary key is meant."""
    columns = _names(constraint, "pk_attrs")
    table = relation_name(constraint.get("pktable", {}))
    return f"{table}({', '.join(columns)})" if columns else table


def _names(tree: Tree, key: str) -> list[str]:
    return [str(n["String"].get("sval", "")) for n in tree.get(key, []) if "String" in n]


def _type(tree: Tree) -> str:
    names = _names(tree, "names")
    if not names:
        return ""
    known = names[-1] if names[0] == "pg_catalog" or len(names) == 1 else ".".join(names)
    printed = _PRINTED.get(known, known)
    modifiers = [str(n) for n in map(_integer, tree.get("typmods", [])) if n is not None]
    if modifiers:
        first, *rest = printed.split(" ", 1)
        whole = known in {"varchar", "varbit"}
        suffix = f"({','.join(modifiers)})"
        printed = printed + suffix if whole or not rest else f"{first}{suffix} {rest[0]}"
    return printed + "[]" * len(tree.get("arrayBounds", []))


def _integer(tree: Tree) -> int | None:
    constant = tree.get("A_Const", {}).get("ival")
    return None if constant is None else int(constant.get("ival", 0))
