"""String literals of Python text, and whether a secret's name governs them.

This reads text that need not parse (a file may be broken, an excerpt is only a part), so it follows
brackets and names instead of a grammar.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from archguard.extract import secret_names
from archguard.extract.secret_formats import secret_format

_TOKEN = re.compile(
    r"""
    (?P<comment>\#[^\n]*)
  | (?P<prefix>[A-Za-z]{0,3})(?:
        \"\"\"(?P<d3>(?:[^"\\]|\\[\s\S]|"(?!""))*)(?:\"\"\"|\Z)
      | '''(?P<s3>(?:[^'\\]|\\[\s\S]|'(?!''))*)(?:'''|\Z)
      | "(?P<d1>(?:[^"\\\n]|\\[\s\S])*)(?:"|(?=\n)|\Z)
      | '(?P<s1>(?:[^'\\\n]|\\[\s\S])*)(?:'|(?=\n)|\Z) )
  | (?P<name>[^\W\d]\w*)
  | (?P<open>[(\[{]) | (?P<close>[)\]}])
  | (?P<sign>:=|==|!=|[-+*/%|&^@<>]=|=|:)
  | (?P<comma>,) | (?P<line>;|(?<!\\)\n) | (?P<dot>\.)
    """,
    re.VERBOSE,
)
_STRINGS = ("d3", "s3", "d1", "s1")
_WORDS = re.compile(
    r"passw|passphrase|passcode|pwd|secret|token|api_?key|apikey|private_?key|access_?key|auth_?key"
    r"|encryption_?key|signing_?key|master_?key|account_?key|credential|authorization|bearer|salt\b|pepper"
    r"|dsn\b|webhook_?url|connection_?string|jwt|hmac|cookie|signature",
    re.IGNORECASE,
)
_EXACT = {"pass", "pw", "auth", "key", "pin"}
_HARMLESS = {
    "bearer",
    "basic",
    "token",
    "password",
    "secret",
    "authorization",
    "x-api-key",
    "api_key",
    "utf-8",
}
_COMPOUND = {"if", "elif", "for", "while", "with", "except", "match", "case", "async", "def", "class"}
_COMPARED = re.compile(r"\s*[!=]=\s*(?P<name>[\w.]+)")
_NAMES_ONLY = re.compile(r"(?:\bgetenv|\benviron\.get|\benviron)\s*\Z")


@dataclass(frozen=True, slots=True)
class Literal:
    """A string literal's inside, or a comment; ``named``: a secret's name governs it."""

    start: int
    end: int
    named: bool
    comment: bool = False


@dataclass(slots=True)
class _Frame:
    """One bracket, or the statement: what its current element is named."""

    inherited: bool = False
    named: bool = False
    seen_secret: bool = False
    last: str = ""
    only_name: bool = False
    first: str = ""

    def next_element(self) -> None:
        """After a comma."""
        self.named, self.seen_secret, self.last, self.only_name = self.inherited, False, "", False


@dataclass(slots=True)
class _Reader:
    text: str
    frames: list[_Frame] = field(default_factory=lambda: [_Frame()])

    @property
    def frame(self) -> _Frame:
        return self.frames[-1]

    def string(self, match: re.Match[str]) -> Iterator[Literal]:
        group = next(name for name in _STRINGS if match[name] is not None)
        value = match[group]
        frame = self.frame
        named = (
            (frame.named and not frame.only_name and value.lower() not in _HARMLESS)
            or self._compared(match.end())
            or bool(secret_format(value))
        )
        if value:
            yield Literal(match.start(group), match.end(group), named)
        if secret_name(value):
            frame.seen_secret = True
        frame.last = value if len(value) < 100 else ""

    def _compared(self, end: int) -> bool:
        """Whether what follows compares the literal with a secret."""
        other = _COMPARED.match(self.text, end)
        return other is not None and secret_name(other["name"])

    def name(self, match: re.Match[str]) -> None:
        self.frame.last = match[0]
        self.frame.first = self.frame.first or match[0]
        if secret_name(match[0]):
            self.frame.seen_secret = True

    def sign(self, match: re.Match[str]) -> None:
        frame = self.frame
        if match[0] == ":" and frame.first in _COMPOUND and len(self.frames) == 1:
            self.frames = [_Frame()]
            return
        frame.named = frame.named or frame.seen_secret

    def open(self, match: re.Match[str]) -> None:
        frame = self.frame
        called = match[0] == "(" and (secret_name(frame.last) or secret_names.secret_call(frame.last))
        inside = frame.named or called
        before = self.text[max(0, match.start() - 30) : match.start()]
        only = bool(_NAMES_ONLY.search(before)) and match[0] != "{"
        self.frames.append(_Frame(inside, inside, only_name=only))

    def close(self) -> None:
        if len(self.frames) > 1:
            inner = self.frames.pop()
            # `config["password"] = …`: what stood in the bracket is part of the target's name.
            self.frame.seen_secret = self.frame.seen_secret or inner.seen_secret
        self.frame.last = ""

    def comma(self) -> None:
        # At statement level a comma separates the parts of a tuple, all of one assignment.
        if len(self.frames) > 1:
            self.frame.next_element()

    def line(self) -> None:
        if len(self.frames) == 1:
            self.frames = [_Frame()]


def python_literals(text: str) -> Iterator[Literal]:
    """Every literal and comment of the text, in order; comments count as named."""
    reader = _Reader(text)
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind == "comment":
            yield Literal(match.start(), match.end(), named=True, comment=True)
        elif kind in _STRINGS or kind == "prefix":
            yield from reader.string(match)
        elif kind == "name":
            reader.name(match)
        elif kind == "sign":
            reader.sign(match)
        elif kind == "open":
            reader.open(match)
        elif kind == "close":
            reader.close()
        elif kind == "comma":
            reader.comma()
        elif kind == "line":
            reader.line()


def secret_name(name: str) -> bool:
    """Whether something of this name may hold a secret: wider than what rules report, on purpose."""
    if len(name) > 80:
        return False
    last = re.split(r"[._\-\s]", name)[-1].lower()
    if _WORDS.search(name) or name.lower() in _EXACT or last in ("pass", "pw"):
        return True
    return bool(secret_names.secret_name(name))
