"""SQL files, read by PostgreSQL's own parser."""

from __future__ import annotations

import re
from collections.abc import Iterator

from archguard.extract.python_source import EncodingProblem, count_lines, decode
from archguard.extract.secret_sql import secrets_of_sql
from archguard.extract.sql_split import statements_of, without_psql
from archguard.extract.sql_tree import Tree, tables_in, verb_and_table
from archguard.extract.sql_types import columns_of
from archguard.extract.text_lines import Lines
from archguard.model.facts import Problem, SqlFacts, SqlStatement
from archguard.model.place import WHOLE_FILE

TEXT_LIMIT = 120

_IGNORED = re.compile(r"(?:\s|--[^\n]*|/\*.*?\*/)*", re.DOTALL)
_TOKENS = re.compile(
    r"""(?P<comment>--[^\n]*|/\*.*?(?:\*/|\Z))|(?P<name>"[^"]*")"""
    r"""|(?P<literal>\b[Ee]'(?:[^'\\]|\\.|'')*(?:'|\Z)|(?:\b(?:[BbXxNn]|[Uu]&))?'(?:[^']|'')*(?:'|\Z)"""
    r"""|\$(?P<tag>[A-Za-z_]\w*)?\$.*?(?:\$(?P=tag)?\$|\Z)|(?<![\w.])\d[\w.]*)""",
    re.DOTALL,
)


def extract_sql(content: bytes) -> SqlFacts:
    """The statements of a SQL file.

    psql's own commands and the data after ``COPY … FROM stdin`` are passed over. If the file as a whole
    is not SQL, each statement is tried alone, so that one error costs one statement.
    """
    try:
        text = decode(content)
    except EncodingProblem as error:
        problem = Problem("encoding", str(error), WHOLE_FILE)
        return SqlFacts(lines=content.count(b"\n") + 1, problem=problem)
    source = without_psql(text)
    lines = Lines(source)
    try:
        statements, problem_at = _parsed(source, lines)
    except RecursionError:
        problem = Problem("too-deep", "statements are nested too deeply to be read", WHOLE_FILE)
        return SqlFacts(lines=count_lines(text), problem=problem)
    return SqlFacts(statements, count_lines(text), problem_at, secrets_of_sql(text))


def _parsed(source: str, lines: Lines) -> tuple[tuple[SqlStatement, ...], Problem | None]:
    whole = _parse(source)
    if not isinstance(whole, int):
        return tuple(_statements(source, 0, whole, lines)), None
    found: list[SqlStatement] = []
    first: Problem | None = None
    for start, end in statements_of(source):
        piece = source[start:end]
        trees = _parse(piece)
        if not isinstance(trees, int):
            found.extend(_statements(piece, start, trees, lines))
        elif first is None:
            at = min(start + trees, end)
            first = Problem("syntax", "PostgreSQL's parser does not understand this", lines.place(at, at))
    return tuple(found), first


def _parse(source: str) -> list[Tree] | int:
    """The statements' trees, or the character at which the parser stopped.

    Its message quotes the source, so only the position is taken from it.
    """
    import pgparse

    try:
        trees: list[Tree] = pgparse.parse(source)
    except pgparse.PGQueryError as error:
        return max(int(getattr(error, "position", 1) or 1) - 1, 0)
    except (ValueError, UnicodeError):
        return 0
    return trees


def _statements(source: str, offset: int, trees: list[Tree], lines: Lines) -> Iterator[SqlStatement]:
    """``offset`` is where ``source`` begins in the file; the parser counts UTF-8 bytes."""
    encoded = None if source.isascii() else source.encode()
    for tree in trees:
        start, length = int(tree.get("stmt_location", 0)), int(tree.get("stmt_len", 0))
        if encoded is None:
            text = source[start : start + length] if length else source[start:]
        else:
            text = (encoded[start : start + length] if length else encoded[start:]).decode()
            start = len(encoded[:start].decode())
        ignored = _IGNORED.match(text)
        skipped = ignored.end() if ignored else 0
        body = text[skipped:].rstrip()
        begin = offset + start + skipped
        yield _statement(tree["stmt"], body, lines, begin)


def _statement(tree: Tree, body: str, lines: Lines, begin: int) -> SqlStatement:
    verb, table = verb_and_table(tree)
    return SqlStatement(
        lines.place(begin, begin + len(body)),
        verb,
        table,
        tables_in(tree),
        columns_of(tree),
        _shown(body),
    )


def _shown(body: str) -> str:
    """The beginning of a statement on one line, each literal a question mark."""
    plain = _TOKENS.sub(_token, body[:20_000])
    return " ".join(plain.split())[:TEXT_LIMIT]


def _token(match: re.Match[str]) -> str:
    return {"comment": " ", "name": match.group(), "literal": "?"}[match.lastgroup or "name"]
