"""What a statement is and which tables it names, from PostgreSQL's parse tree."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

Tree = Mapping[str, Any]
"""The parser's JSON, whose shape is PostgreSQL's."""

VERBS: Mapping[str, str] = {
    "CreateStmt": "create-table",
    "IndexStmt": "create-index",
    "ViewStmt": "create-view",
    "CreateTrigStmt": "create-trigger",
    "CreateSeqStmt": "create-sequence",
    "CreateEnumStmt": "create-type",
    "CompositeTypeStmt": "create-type",
    "RuleStmt": "create-rule",
    "CreatedbStmt": "create-database",
    "DropdbStmt": "drop-database",
    "VariableSetStmt": "set",
    "VariableShowStmt": "show",
    "RefreshMatViewStmt": "refresh-materialized-view",
    "AlterObjectSchemaStmt": "alter-schema",
    "AlterEnumStmt": "alter-type",
    "AlterSeqStmt": "alter-sequence",
    "GrantStmt": "grant",
    "GrantRoleStmt": "grant",
}
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def verb_and_table(statement: Tree) -> tuple[str, str]:
    """``create-table`` and the table that it is about, or an empty name."""
    kind, body = next(iter(statement.items()))
    return _verb(kind, body), _table(kind, body)


def _verb(kind: str, body: Tree) -> str:
    if kind in {"DropStmt", "RenameStmt", "CommentStmt"}:
        word = kind.removesuffix("Stmt").lower()
        what = str(body.get("removeType") or body.get("renameType") or body.get("objtype") or "")
        return f"{word}-{_object(what)}"
    if kind == "CreateTableAsStmt":
        materialised = body.get("objtype") == "OBJECT_MATVIEW"
        return "create-materialized-view" if materialised else "create-table-as"
    if kind == "AlterTableStmt":
        return f"alter-{_object(str(body.get('objtype') or 'OBJECT_TABLE'))}"
    if kind == "TransactionStmt":
        return str(body.get("kind", "")).removeprefix("TRANS_STMT_").lower().replace("_", "-")
    if kind == "GrantStmt" and not body.get("is_grant"):
        return "revoke"
    return VERBS.get(kind) or _CAMEL.sub("-", kind.removesuffix("Stmt")).lower()


def _object(name: str) -> str:
    words = name.removeprefix("OBJECT_").lower().replace("_", "-")
    return {"matview": "materialized-view", "tabconstraint": "constraint"}.get(words, words)


def _table(kind: str, body: Tree) -> str:
    relation = body.get("relation") or body.get("view") or body.get("rel")
    if isinstance(relation, Mapping):
        return relation_name(relation.get("RangeVar", relation))
    into = body.get("into")
    if isinstance(into, Mapping) and isinstance(into.get("rel"), Mapping):
        return relation_name(into["rel"])
    if kind == "DropStmt":
        return next(iter(_dropped(body)), "")
    return next(iter(_relations(body)), "") if kind == "TruncateStmt" else ""


def relation_name(relation: Tree) -> str:
    """``schema.table`` or ``table``."""
    schema, name = relation.get("schemaname"), str(relation.get("relname", ""))
    return f"{schema}.{name}" if schema else name


def tables_in(statement: Tree) -> tuple[str, ...]:
    """All tables that a statement names, sorted, without the names of its own ``WITH`` queries."""
    own = set(_values(statement, "ctename"))
    names = set(_relations(statement)) - own
    kind, body = next(iter(statement.items()))
    if kind == "DropStmt" and body.get("removeType") in {"OBJECT_TABLE", "OBJECT_VIEW", "OBJECT_MATVIEW"}:
        names.update(_dropped(body))
    if kind == "IndexStmt":
        names.discard("")
    return tuple(sorted(names))


def _relations(tree: object) -> Iterator[str]:
    if isinstance(tree, Mapping):
        if "relname" in tree:
            yield relation_name(tree)
        for value in tree.values():
            yield from _relations(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from _relations(value)


def _values(tree: object, key: str) -> Iterator[str]:
    if isinstance(tree, Mapping):
        for name, value in tree.items():
            if name == key and isinstance(value, str):
                yield value
            else:
                yield from _values(value, key)
    elif isinstance(tree, list):
        for value in tree:
            yield from _values(value, key)


def _dropped(body: Tree) -> list[str]:
    return [".".join(_values(item, "sval")) for item in body.get("objects", [])]
