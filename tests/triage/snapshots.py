"""Small snapshots and findings for tests of triage."""

from __future__ import annotations

import ast
import hashlib
import io
import tokenize
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from archguard.model.facts import Call, Comment, CommentKind, FileFacts, Name, PythonFacts, Region, Scope
from archguard.model.finding import Finding, Hop, Member, Severity
from archguard.model.place import Place, Span
from archguard.model.policy import Policy
from archguard.model.program import Service
from archguard.model.rule import Effort, Meta, RuleInfo
from archguard.model.sources import Role, SourceFile
from archguard.triage.settle import Settled, settle


def info(rule: str, name: str, roles: tuple[Role, ...] = ("source",)) -> RuleInfo:
    """A rule."""
    meta = Meta(rule, Severity.HIGH, "alert", "program", Effort(1), ("performance",), "", "", roles=roles)
    return RuleInfo(meta, name, "concurrency", name, "", "")


RULES = (
    info("AG0208", "unsafe-migration", ("source", "migration")),
    info("AG0601", "no-timeout"),
    info("AG0801", "secret-in-source"),
    info("AG0901", "blocking-call-in-async"),
)


@dataclass(frozen=True)
class Memory:
    """A snapshot in memory."""

    content: Mapping[str, bytes]
    roles: Mapping[str, Role] = field(default_factory=dict)
    label: str = "memory"

    @property
    def files(self) -> tuple[SourceFile, ...]:
        """All files."""
        return tuple(
            SourceFile(p, "python", self.roles.get(p, "source"), hashlib.sha256(c).hexdigest(), len(c))
            for p, c in sorted(self.content.items())
        )

    def read(self, path: str) -> bytes:
        """One file's bytes."""
        try:
            return self.content[path]
        except KeyError:
            raise FileNotFoundError(path) from None


def settled(
    files: Mapping[str, str],
    findings: Iterable[Finding],
    *,
    policy: Policy | None = None,
    services: Iterable[Service] = (),
    today: str = "2026-06-01T12:00:00+02:00",
    ran: Iterable[str] | None = None,
    roles: Mapping[str, Role] | None = None,
) -> Settled:
    """These findings of these files, settled."""
    return settle(
        findings,
        {path: facts_of(text) for path, text in files.items()},
        Memory({path: text.encode() for path, text in files.items()}, roles or {}),
        policy or Policy(),
        services,
        today,
        rules=RULES,
        ran=None if ran is None else set(ran),
    )


def finding(
    path: str = "app/a.py",
    line: int = 1,
    rule: str = "AG0901",
    key: str = "app.a.f|network",
    *,
    end: int = 0,
    columns: tuple[int, int] = (1, 5),
    members: tuple[Member, ...] = (),
    sources: tuple[str, ...] = ("archguard",),
    severity: Severity = Severity.HIGH,
) -> Finding:
    """A finding; one line by default."""
    place = Place(line, columns[0], end or line, columns[1])
    return Finding(rule, key, Span(path, place), "waits", severity, members=members, sources=sources)


def at(path: str, line: int) -> Span:
    """A place of one line."""
    return Span(path, Place(line, 1, line, 5))


def member(key: str, *hops: Span) -> Member:
    """A member whose chain has these steps; the first is where it stands."""
    return Member(key, key, hops[0], tuple(Hop(span, "step") for span in hops))


# --- facts: as much as triage reads ---------------------------------------------------------------

_MARKS: tuple[tuple[str, CommentKind], ...] = (
    ("archguard:", "archguard"),
    ("noqa", "noqa"),
    ("nosec", "nosec"),
    ("nosemgrep", "nosemgrep"),
    ("pragma:", "allowlist"),
)


def facts_of(source: str) -> FileFacts:
    """Scopes, calls and comments of a source text."""
    tree = ast.parse(source)
    module = Scope("module", "", -1, Place(1, 1, 1, 1), events=tuple(_calls(tree)))
    definitions = [
        n for n in ast.walk(tree) if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
    ]
    return PythonFacts((module, *map(_scope, definitions)), (), tuple(_comments(source)))


def _scope(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> Scope:
    body = Region("scope", -1, _place(node.body[0]))
    kind = "class" if isinstance(node, ast.ClassDef) else "function"
    return Scope(kind, node.name, 0, _place(node), regions=(body,))  # type: ignore[arg-type]


def _place(node: ast.stmt | ast.expr) -> Place:
    return Place(node.lineno, node.col_offset + 1, node.end_lineno or 0, (node.end_col_offset or 0) + 1)


def _calls(tree: ast.Module) -> Iterable[Call]:
    statements = (n for n in ast.walk(tree) if isinstance(n, (ast.Call, ast.Assign, ast.Pass)))
    return (Call(place, 0, Name("f")) for place in sorted(map(_place, statements)))


def _comments(source: str) -> Iterable[Comment]:
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        kind = next((kind for mark, kind in _MARKS if mark in token.string), None)
        if token.type == tokenize.COMMENT and kind:
            (line, column), (_, end) = token.start, token.end
            own = not token.line[:column].strip()
            yield Comment(Place(line, column + 1, line, end + 1), kind, token.string[1:], own)
