"""Source text with its secrets struck out, character for character, so that columns stay.

Two nets: by format (`formats`) and by name (string literals that something called ``password`` is
given). Striking out a harmless literal costs a reader little; showing a secret cannot be undone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from archguard.extract.secret_formats import secret_format
from archguard.triage.formats import starred, without_keys, without_tokens, without_userinfo
from archguard.triage.literals import python_literals, secret_name

# Possessive and anchored, for a line may be one word of a megabyte.
_NAMED = re.compile(
    r"""(?<![\w.-])(?P<name>[\w.-]++)(?P<quote>["'`]?\]?)\s*+(?P<sign>:=|=>|[:=])\s*+(?=\S)"""
)
# What stands behind a name and a blank: options of commands, variables of images.
_SPACED = re.compile(
    r"(?:(?<![\w-])--?(?P<option>[A-Za-z][\w-]*+)|^\s*(?:ENV|ARG)\s+(?P<variable>\w+))"
    r"\s++(?=\S)"
)
_SQL_PASSWORD = re.compile(r"(?i)(?<=\bpassword\b)(\s*)('(?:[^']|'')*')")
_QUOTED = re.compile(r""""(?:[^"\\]|\\.)*(?:"|\Z)|'(?:[^'\\]|\\.)*(?:'|\Z)|[^"']+""", re.DOTALL)
_QUOTES = "\"'`"

# A line that begins with one of these words, and not inside a string, begins a statement.
_STATEMENT = re.compile(r"[ \t]*(?:(?:async def|def|class|return|raise|import|while|with|pass)\b|@|try:)")
_STRING = re.compile(
    r'''#[^\n]*|"""(?:[^\\"]|\\.|"(?!""))*(?:"""|\Z)|\'\'\'(?:[^\\']|\\.|'(?!''))*(?:\'\'\'|\Z)'''
    r"""|"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?""",
    re.DOTALL,
)

Lines = tuple[int, int]
"""First and last line, from 1, both included."""


def mask_source(text: str, python: bool) -> str:
    """A text, masked; as many UTF-16 units as before, and the same lines."""
    text = without_tokens(text)
    return _mask_python(text) if python else _mask_lines(text)


def mask_text(text: str) -> str:
    """Words of a comment or a message, masked."""
    return _mask_lines(without_tokens(text))


def mask_lines(text: str, python: bool, wanted: Iterable[Lines]) -> dict[int, str]:
    """Some lines of a file, masked as if all were: only what is shown is read closely."""
    masked: dict[int, str] = {}
    text = without_keys(text)
    lines = text.split("\n")
    inside = _inside_strings(text) if python else set()
    for first, last in _joined(wanted):
        start = _statement(lines, inside, first) if python else first
        chunk = mask_source("\n".join(lines[start - 1 : last]), python).split("\n")
        masked.update(enumerate(chunk[first - start :], start=first))
    return masked


def _joined(wanted: Iterable[Lines]) -> list[Lines]:
    """The same lines in runs that do not touch."""
    runs: list[Lines] = []
    for first, last in sorted(wanted):
        if runs and first <= runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], max(last, runs[-1][1]))
        else:
            runs.append((first, last))
    return runs


def _inside_strings(text: str) -> set[int]:
    """The lines that begin inside a string."""
    inside: set[int] = set()
    line, counted = 1, 0
    for match in _STRING.finditer(text):
        if "\n" in match[0]:
            line += text.count("\n", counted, match.start())
            counted = match.start()
            inside.update(range(line + 1, line + 1 + match[0].count("\n")))
    return inside


def _statement(lines: list[str], inside: set[int], first: int) -> int:
    """The nearest line up from which reading may begin: there no bracket and no string is open."""
    return next(
        (n for n in range(first, 1, -1) if n not in inside and _STATEMENT.match(lines[n - 1])),
        1,
    )


def mask_values(line: str) -> str:
    """A line of which it is known that it holds a secret: no literal is shown, nor what is assigned."""
    quoted = "".join(starred(m[0], _QUOTES) if m[0][0] in "\"'" else m[0] for m in _QUOTED.finditer(line))
    if quoted != line:
        return quoted
    sign = re.search(r"[:=]\s*(?=\S)", line)
    return line if sign is None else line[: sign.end()] + starred(line[sign.end() :], _QUOTES)


def _mask_python(text: str) -> str:
    parts: list[str] = []
    at = 0
    for literal in python_literals(text):
        body = text[literal.start : literal.end]
        if literal.comment:
            masked = _mask_lines(body)
        else:
            masked = starred(body) if literal.named else _mask_stated(body)
        parts += (text[at : literal.start], masked)
        at = literal.end
    return "".join((*parts, text[at:]))


def _mask_stated(body: str) -> str:
    """A literal without the lines that extract would mask for what they say."""
    body = without_userinfo(body, whole=True)
    if not secret_format(body):
        return body
    return "\n".join(starred(line) if secret_format(line) else line for line in body.split("\n"))


def _mask_lines(text: str) -> str:
    """What stands after a secret's name and a sign, in files and comments of any language."""
    return "\n".join(_mask_line(line) for line in without_userinfo(text).split("\n"))


def _mask_line(line: str) -> str:
    line = _SQL_PASSWORD.sub(lambda m: m[1] + starred(m[2]), line)
    ends = [match.end() for match in _NAMED.finditer(line) if secret_name(match["name"])]
    if "-" in line or "ENV" in line or "ARG" in line:
        spaced = _SPACED.finditer(line)
        ends += [m.end() for m in spaced if secret_name(m["option"] or m["variable"])]
    return line[: min(ends)] + starred(line[min(ends) :], _QUOTES) if ends else line
