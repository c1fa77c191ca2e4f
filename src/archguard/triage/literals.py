"""String literals of Python text, and whether a secret's name governs them.

This reads text that need not parse (a file may be broken, an excerpt is only a part), so it follows
brackets and names instead of a grammar.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import msgspec

from archguard.extract import secret_names

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
    r"passw|passphrase|passcode|pwd|secret|token|api_?key|private_?key|access_?key|auth_?key"
    r"|encryption_?key|signing_?key|master_?key|account_?key|credential|authorization|bearer|salt\b|pepper"
    r"|dsn\b|connection_?string|jwt|hmac",
    re.IGNORECASE,
)
_NOT_LAST = re.compile(
    r"(?:url|uri|path|name|type|field|header|prefix|scheme|algorithm|id|expir\w*|detail|message|error|label"
    r"|title|description|class|role|scope|endpoint)s?\Z",
    re.IGNORECASE,
)
_HOLDERS = {"SecretStr", "SecretBytes", "Secret", "Password"}
_SCHEMES = {"bearer", "basic", "token", "password", "secret", "authorization", "x-api-key", "api_key"}
_ALGORITHMS = {"utf-8", "hs256", "hs384", "hs512", "rs256", "es256", "sha1", "sha256", "sha512"}
_HARMLESS = _SCHEMES | _ALGORITHMS
_HOLE = re.compile(r"\{[\w.]+\}")
_COMPOUND = {"if", "elif", "for", "while", "with", "except", "match", "case", "async", "def", "class"}
_KEYED = re.compile(r"(?:\bhmac\.new|\bFernet|\bjwt\.(?:en|de)code)\s*\Z")
_WORD = re.compile(r"-{0,2}[\w.-]+\Z")
_KEY = re.compile(r"\s*:")
_COMPARED = re.compile(r"\s*[!=]=\s*(?P<name>[\w.]+)")
_NAMES_ONLY = re.compile(r"(?:\bgetenv|\.get|\.pop|\bget_key|_cookie)\s*\Z")
"""Calls whose first argument names what is looked up."""


class Literal(msgspec.Struct, frozen=True):
    """A string literal's inside, or a comment; ``named``: a secret's name governs it."""

    start: int
    end: int
    named: bool
    comment: bool = False


class _Frame(msgspec.Struct):
    """One bracket, or the statement: what its current element is named."""

    inherited: bool = False
    named: bool = False
    seen_secret: bool = False
    last: str = ""
    only_name: bool = False
    bracket: str = ""
    first: str = ""

    def next_element(self) -> None:
        """After a comma."""
        self.named, self.seen_secret, self.last, self.only_name = self.inherited, False, "", False


class _Reader(msgspec.Struct):
    text: str
    frames: list[_Frame] = msgspec.field(default_factory=lambda: [_Frame()])

    @property
    def frame(self) -> _Frame:
        return self.frames[-1]

    def string(self, match: re.Match[str]) -> Iterator[Literal]:
        group = next(name for name in _STRINGS if match[name] is not None)
        value = match[group]
        frame = self.frame
        if value:
            named = self._governed(match, value) or self._compared(match.end())
            yield Literal(match.start(group), match.end(group), named)
        if secret_name(value):
            frame.seen_secret = True
            # `getenv("API_TOKEN", "…")`, `("password", "…")`: what follows in the bracket is its value.
            if frame.bracket == "(" and _WORD.match(value):
                frame.inherited = True
        frame.last = ""

    def _governed(self, match: re.Match[str], value: str) -> bool:
        """Whether a secret's name governs it, and it is neither a name nor a scheme itself."""
        frame = self.frame
        if not frame.named or frame.only_name:
            return False
        if frame.bracket == "{" and _KEY.match(self.text, match.end()):
            return False
        plain = _HOLE.sub("", value) if "f" in match["prefix"].lower() else value
        return bool(plain.strip(" :")) and plain.strip(" :").lower() not in _HARMLESS

    def _compared(self, end: int) -> bool:
        """Whether what follows compares the literal with a secret."""
        other = _COMPARED.match(self.text, end)
        return other is not None and secret_name(other["name"])

    def name(self, match: re.Match[str]) -> None:
        if match[0] == "in" and secret_name(self.frame.last):
            self.frame.named = True
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
        called = match[0] == "(" and (frame.last in _HOLDERS or secret_names.secret_call(frame.last))
        before = self.text[max(0, match.start() - 30) : match.start()]
        inside = frame.named or called or (match[0] == "(" and _KEYED.search(before) is not None)
        subscript = match[0] == "[" and before[-1:] not in ("", " ", "(", "[", "{", ",", "=", ":")
        only = subscript or (match[0] == "(" and _NAMES_ONLY.search(before) is not None)
        self.frames.append(_Frame(inside, inside, only_name=only, bracket=match[0]))

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


@lru_cache(maxsize=8192)
def secret_name(name: str) -> bool:
    """Whether something of this name may hold a secret: wider than what rules report, on purpose."""
    if len(name) > 80:
        return False
    if secret_names.secret_name(name):
        return True
    last = re.split(r"[._\-\s]", name)[-1]
    return last.lower() in ("pass", "pw") or (_WORDS.search(name) is not None and not _NOT_LAST.search(name))
