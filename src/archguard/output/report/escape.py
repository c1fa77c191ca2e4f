"""Text from the code under review, made harmless for markdown, fences, Mermaid and links."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote, urlsplit

INVISIBLE = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}
"""Unicode's control, format, private and surrogate characters and its line separators."""

JOINERS = {"\u200c", "\u200d"}
"""Format characters that words and emoji really use."""

_SPECIAL = re.compile(r"[\\`*\[\]<>|&~$]|(?<![^\W_])_|_(?![^\W_])")
_ENTITIES = {"<": "&lt;", ">": "&gt;", "&": "&amp;", "$": "&#36;", "~": "&#126;"}
_AUTOLINK = re.compile(r":(?=//)|(?<=www)\.|:(?=[\w+-]+:)|@(?=\w)|(?<=\b\w)\b#(?=\d)", re.IGNORECASE)
_BLOCK = re.compile(r"^(\s*)([-+#=]|\d+(?=[.)]))")


def visible(text: str, keep: str = "") -> str:
    r"""The text with every character that hides or reorders others written as ``\u202e`` is."""
    if text.isprintable():
        return text
    return "".join(
        char
        if char in keep or char in JOINERS or unicodedata.category(char) not in INVISIBLE
        else _named(char)
        for char in text
    )


def flat(text: str) -> str:
    """The text on one line."""
    return visible(" ".join(text.split()))


def words(text: str) -> str:
    """Plain words in markdown: nothing in them is markup, HTML, a link, a mention or mathematics."""
    out = visible(re.sub(r"\s+", " ", text))
    out = _SPECIAL.sub(lambda match: _ENTITIES.get(match[0], "\\" + match[0]), out)
    return _AUTOLINK.sub(lambda match: "".join(f"&#{ord(char)};" for char in match[0]), out)


def opening(text: str) -> str:
    """Escaped words that begin a block: not a list, a heading or a rule."""
    return _BLOCK.sub(lambda match: match[1] + _opened(match[2]), text, count=1)


def code(text: str, in_table: bool = False) -> str:
    """A code span, with a fence longer than any run of backticks in it."""
    inner = flat(text) or " "
    inner = inner.replace("|", "\\|") if in_table else inner
    fence = "`" * (_longest_run(inner) + 1)
    pad = " " if inner.startswith("`") or inner.endswith("`") else ""
    return f"{fence}{pad}{inner}{pad}{fence}"


def fenced(text: str, info: str) -> str:
    """A fenced block, with a fence longer than any run of backticks in it."""
    fence = "`" * max(3, _longest_run(text) + 1)
    return f"{fence}{info}\n{text}\n{fence}"


def source_lines(lines: tuple[str, ...]) -> tuple[str, ...]:
    """Source lines as a report shows them: tabs stay, what is invisible is written out."""
    return tuple(visible(line.rstrip("\r\n"), keep="\t") for line in lines)


def label(text: str, limit: int = 48) -> str:
    """A quoted Mermaid label without its quotes: only letters, digits and harmless signs stay as they are."""
    out = flat(text)
    out = out if len(out) <= limit else out[: limit - 1] + "…"
    return "".join(c if c.isalnum() or c in " _./,:-…·" else f"#{ord(c)};" for c in out)


def word(text: str) -> str:
    """An identifier in a Mermaid entity diagram."""
    return re.sub(r"\W", "_", text, flags=re.ASCII) or "_"


def target(path: str) -> str:
    """A path of the repository inside a link."""
    return quote(path, safe="/")


def web_address(url: str) -> str:
    """The address if it is a plain one of the web, else nothing."""
    parts = urlsplit(url.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.query:
        return ""
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{parts.hostname}{port}{quote(parts.path.rstrip('/').removesuffix('.git'))}"


def slug(text: str) -> str:
    """An anchor out of any text."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "x"


def _opened(sign: str) -> str:
    return f"\\{sign}" if not sign.isdigit() else f"{sign[:-1]}&#{ord(sign[-1])};"


def _named(char: str) -> str:
    return f"\\u{ord(char):04x}"


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)
