"""SQL files: what each statement is, and that one error costs one statement."""

from __future__ import annotations

import pytest

from archguard.extract.files import extract_file
from archguard.model.facts import SqlColumn, SqlFacts, SqlStatement
from archguard.model.place import Place


def facts(text: str) -> SqlFacts:
    found = extract_file("sql", text.encode())
    assert isinstance(found, SqlFacts)
    return found


def one(text: str) -> SqlStatement:
    (statement,) = facts(text).statements
    return statement


@pytest.mark.parametrize(
    ("text", "verb", "table"),
    [
        ("CREATE TABLE app.users (id int)", "create-table", "app.users"),
        ("CREATE INDEX CONCURRENTLY ix ON users (name)", "create-index", "users"),
        ("ALTER TABLE users ADD COLUMN x int", "alter-table", "users"),
        ("ALTER INDEX ix RENAME TO iy", "rename-index", "ix"),
        ("DROP TABLE IF EXISTS a.b CASCADE", "drop-table", "a.b"),
        ("DROP INDEX ix", "drop-index", "ix"),
        ("SELECT 1", "select", ""),
        ("INSERT INTO t VALUES (1)", "insert", "t"),
        ("UPDATE t SET a = 1", "update", "t"),
        ("DELETE FROM t", "delete", "t"),
        ("TRUNCATE t", "truncate", "t"),
        ("BEGIN", "begin", ""),
        ("COMMIT", "commit", ""),
        ("CREATE VIEW v AS SELECT * FROM t", "create-view", "v"),
        ("CREATE MATERIALIZED VIEW v AS SELECT * FROM t", "create-materialized-view", "v"),
        ("CREATE EXTENSION IF NOT EXISTS timescaledb", "create-extension", ""),
        ("CREATE TRIGGER g AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()", "create-trigger", "t"),
        ("CREATE TYPE mood AS ENUM ('sad')", "create-type", ""),
        ("SET lock_timeout = '2s'", "set", ""),
        ("REVOKE ALL ON t FROM bob", "revoke", ""),
        ("DO $$ BEGIN PERFORM 1; END $$", "do", ""),
        ("COPY t FROM '/x'", "copy", "t"),
    ],
)
def test_a_statement_has_a_verb_and_a_table(text: str, verb: str, table: str) -> None:
    statement = one(text)
    assert (statement.verb, statement.table) == (verb, table)


def test_a_created_table_has_its_columns() -> None:
    text = """CREATE TABLE t (
        id bigserial PRIMARY KEY, name varchar(20) NOT NULL, org int REFERENCES app.orgs(id), tags text[],
        at timestamptz DEFAULT now(), price numeric(10, 2), team int, made timestamp(3), other uuid,
        FOREIGN KEY (team) REFERENCES teams, PRIMARY KEY (id, other))"""
    assert one(text).columns == (
        SqlColumn("id", "bigserial", False),
        SqlColumn("name", "character varying(20)", False),
        SqlColumn("org", "integer", True, "app.orgs(id)"),
        SqlColumn("tags", "text[]"),
        SqlColumn("at", "timestamp with time zone"),
        SqlColumn("price", "numeric(10,2)"),
        SqlColumn("team", "integer", True, "teams"),
        SqlColumn("made", "timestamp(3) without time zone"),
        SqlColumn("other", "uuid", False),
    )


def test_tables_are_all_that_a_statement_names() -> None:
    text = "WITH x AS (SELECT * FROM a) INSERT INTO b SELECT * FROM x JOIN s.c ON true"
    assert one(text).tables == ("a", "b", "s.c")


def test_places_start_at_the_statement_and_count_as_editors_do() -> None:
    found = facts("-- é😀\n\n/* c */ SELECT '😀';\r\n  SELECT 2")
    assert [s.place for s in found.statements] == [Place(3, 9, 3, 20), Place(4, 3, 4, 11)]
    assert found.lines == 4


def test_the_text_leaves_literals_and_comments_out() -> None:
    text = "ALTER ROLE bob -- s3cr3t\n PASSWORD 'hunter2' VALID UNTIL $x$never$x$"
    assert "hunter2" not in repr(facts("CREATE ROLE a PASSWORD 'hunter2'"))
    shown = facts("SELECT 'hunter2', $$hunter2$$, E'hunter2', 42 -- hunter2\n FROM t1").statements[0].text
    assert shown == "SELECT ?, ?, ?, ? FROM t1"
    assert "s3cr3t" not in repr(facts(text))


def test_one_error_costs_one_statement() -> None:
    found = facts("CREATE TABLE a (id int);\nSELEC 1;\nSELECT ';' FROM b;\nDO $x$ ; $x$;")
    assert [s.verb for s in found.statements] == ["create-table", "select", "do"]
    assert [s.place.line for s in found.statements] == [1, 3, 4]
    assert found.problem is not None
    assert (found.problem.kind, found.problem.place.line) == ("syntax", 2)
    assert "SELEC" not in found.problem.message


def test_what_belongs_to_psql_is_passed_over() -> None:
    found = facts("\\set ON_ERROR_STOP on\n\\connect db\nCOPY t (a) FROM stdin;\n1\tx;y\n\\.\nSELECT 1;\n")
    assert found.problem is None
    assert [(s.verb, s.place.line) for s in found.statements] == [("copy", 3), ("select", 6)]


@pytest.mark.parametrize("text", ["", "\n", "-- nothing\n", ";;"])
def test_a_file_without_statements_has_none(text: str) -> None:
    found = facts(text)
    assert (found.statements, found.problem) == ((), None)


def test_bytes_that_are_no_text_are_said_to_be_so() -> None:
    found = extract_file("sql", b"SELECT '\xff'")
    assert found.problem is not None
    assert found.problem.kind == "encoding"
