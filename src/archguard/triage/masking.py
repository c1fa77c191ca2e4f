"""Source text with its secrets struck out, character for character, so that columns stay.

Two nets: by format (keys and tokens that are recognisable wherever they stand, passwords in addresses,
long random strings) and by name (string literals that something called ``password`` is given).
Striking out a harmless literal costs a reader little; showing a secret cannot be undone.
"""

from __future__ import annotations

import re
from math import log2

from archguard.triage.literals import python_literals, secret_name

STAR = "*"

_FORMATS = re.compile(
    r"""
    -----BEGIN\ [A-Z ]*PRIVATE\ KEY[A-Z ]*-----[\s\S]*?(?:-----END\ [A-Z ]*-----|\Z)
  | \b(?:AKIA|ASIA|AGPA|AIDA|AROA|ANPA)[A-Z0-9]{12,}
  | \bgh[pousr]_[A-Za-z0-9]{16,} | \bgithub_pat_\w{20,} | \bglpat-[\w-]{16,}
  | \bxox[abeoprs]-[\w-]{8,} | \bxapp-[\w-]{10,}
  | \b(?:sk|rk|pk|whsec)_(?:live|test)?_?[A-Za-z0-9]{16,} | \bsk-[\w-]{16,}
  | \bAIza[\w-]{30,} | \bya29\.[\w-]{20,} | \bGOCSPX-[\w-]{20,}
  | \bSG\.[\w-]{16,}\.[\w-]{16,} | \bkey-[0-9a-f]{32} | \bSK[0-9a-f]{32} | \bAC[0-9a-f]{32}
  | \bnpm_[A-Za-z0-9]{30,} | \bpypi-[\w-]{30,} | \bhf_[A-Za-z0-9]{20,} | \bdop_v1_[0-9a-f]{40,}
  | \bshp(?:at|ss|ca|pa)_[0-9a-fA-F]{20,} | \bhv[sb]\.[\w-]{20,} | \bAGE-SECRET-KEY-1[A-Z0-9]{40,}
  | \beyJ[\w-]{8,}\.[\w-]{6,}(?:\.[\w-]*)?
  | (?<=://)[^\s/"'@{}]*:[^\s"'@{}]+(?=@)
  | (?<=hooks\.slack\.com/services/)[\w/]+ | (?<=/api/webhooks/)\d+/[\w-]+
  | (?<=[Bb]earer\s)[\w.~+/=-]{8,} | (?<=[Bb]asic\s)[A-Za-z0-9+/=]{8,}
  | (?<=AccountKey=)[A-Za-z0-9+/=]+ | (?<=SharedAccessSignature=)[^\s"';]+
    """,
    re.VERBOSE,
)
_RANDOM = re.compile(r"[A-Za-z0-9+/_=.~-]{20,}")
# Possessive and anchored, for a line may be one word of a megabyte.
_NAMED = re.compile(
    r"""(?<![\w.-])(?P<name>[\w.-]++)(?P<quote>["'`]?\]?)\s*+(?P<sign>:=|=>|[:=])\s*+(?=\S)"""
)
_SQL_PASSWORD = re.compile(r"(?i)(?<=\bpassword\b)(\s*)('(?:[^']|'')*')")
_VISIBLE = re.compile(r"\S")


def mask_source(text: str, python: bool) -> str:
    """A file's text, masked; as many UTF-16 units as before, and the same lines."""
    text = _by_format(text)
    return _mask_python(text) if python else _mask_lines(text)


def mask_text(text: str) -> str:
    """Words of a comment or a message, masked."""
    return _mask_lines(_by_format(text))


def mask_values(line: str) -> str:
    """A line of which it is known that it holds a secret: no literal is shown, nor what is assigned."""
    quoted = "".join(_star(m[0]) if m[0][0] in "\"'" else m[0] for m in _QUOTED.finditer(line))
    if quoted != line:
        return quoted
    sign = re.search(r"[:=]\s*(?=\S)", line)
    return line if sign is None else line[: sign.end()] + _star(line[sign.end() :])


_QUOTED = re.compile(r""""(?:[^"\\]|\\.)*(?:"|\Z)|'(?:[^'\\]|\\.)*(?:'|\Z)|[^"']+""", re.DOTALL)


def _star(text: str) -> str:
    """Stars for what can be seen, two where UTF-16 needs two; blanks and quotes stay."""
    return _VISIBLE.sub(lambda m: m[0] if m[0] in "\"'`" else STAR * (1 + (ord(m[0]) > 0xFFFF)), text)


def _star_all(text: str) -> str:
    """The same, quotes too."""
    return "".join(c if c in "\r\n\t " else STAR * (1 + (ord(c) > 0xFFFF)) for c in text)


def _by_format(text: str) -> str:
    text = _FORMATS.sub(lambda match: _star_all(match[0]), text)
    return _RANDOM.sub(lambda match: _star_all(match[0]) if looks_random(match[0]) else match[0], text)


def looks_random(word: str) -> bool:
    """Whether a run of characters looks drawn by chance rather than written by a person."""
    core = word.strip("=.-_/~+")
    if len(core) < 20 or not any(c.isdigit() for c in core) or not any(c.isalpha() for c in core):
        return False
    if re.fullmatch(r"(?:[0-9a-f-]+|[0-9A-F-]+)", core):
        return len(core) >= 32 and _entropy(core) > 2.8
    if re.fullmatch(r"[A-Za-z0-9/+]{40}", core) and core != core.lower() and _entropy(core) > 4.2:
        return True  # the form of a cloud's secret keys
    parts = re.split(r"[/_.\-]", core)
    longest = max(parts, key=len)
    mixed = any(c.isupper() for c in longest) and any(c.islower() for c in longest)
    digits = sum(c.isdigit() for c in longest)
    return len(longest) >= 16 and digits >= 2 and (mixed or digits >= 4) and _entropy(longest) > 3.2


def _entropy(text: str) -> float:
    shares = [text.count(c) / len(text) for c in set(text)]
    return -sum(share * log2(share) for share in shares)


# --- by name --------------------------------------------------------------------------------------


def _mask_python(text: str) -> str:
    parts: list[str] = []
    at = 0
    for literal in python_literals(text):
        if literal.named:
            body = text[literal.start : literal.end]
            parts += (text[at : literal.start], _mask_lines(body) if literal.comment else _star_all(body))
            at = literal.end
    return "".join((*parts, text[at:]))


def _mask_lines(text: str) -> str:
    """What stands after a secret's name and a sign, in files and comments of any language."""
    return "\n".join(_mask_line(line) for line in text.split("\n"))


def _mask_line(line: str) -> str:
    line = _SQL_PASSWORD.sub(lambda m: m[1] + _star_all(m[2]), line)
    for match in _NAMED.finditer(line):
        if secret_name(match["name"]):
            return line[: match.end()] + _star(line[match.end() :])
    return line
