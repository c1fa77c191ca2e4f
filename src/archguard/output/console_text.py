"""Text for a terminal: harmless, measured in cells, cut, wrapped and coloured."""

from __future__ import annotations

import re

import msgspec

from archguard.assess.safe_text import safe

CUT = "…"
TAB = 4
"""The columns of a tab in an excerpt; what an editor shows would differ from file to file."""

_HIDDEN = re.compile("[\u061c\u180e\u200b\u2060-\u2065\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]")


def clean(text: str) -> str:
    """One line of somebody else's text, with all that could steer a terminal written out."""
    return " ".join(_written_out(text).split())


def clean_code(text: str) -> str:
    """The same for code: its blanks and tabs stay."""
    return _written_out(text).replace("\n", "\\n")


def _written_out(text: str) -> str:
    return _HIDDEN.sub(lambda match: f"\\u{ord(match[0]):04x}", safe(text))


def cells(text: str) -> int:
    """How many columns of a terminal the text takes."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def untabbed(text: str, column: int = 0) -> str:
    """The text with tabs as blanks, when it begins at that column."""
    if "\t" not in text:
        return text
    first, *rest = text.split("\t")
    result = first
    for part in rest:
        result += " " * (TAB - (column + cells(result)) % TAB) + part
    return result


def head(text: str, width: int) -> str:
    """As much of the text as fits, with a mark where it was cut."""
    if cells(text) <= width:
        return text
    kept = text[: max(0, width - 1)]
    while kept and cells(kept) > width - 1:
        kept = kept[:-1]
    return kept + CUT if width > 0 else ""


def tail(text: str, width: int) -> str:
    """The end of the text, as much as fits, with a mark where it was cut."""
    if cells(text) <= width:
        return text
    kept = text[len(text) - width + 1 :] if width > 1 else ""
    while kept and cells(kept) > width - 1:
        kept = kept[1:]
    return CUT + kept if width > 0 else ""


def padded(text: str, width: int) -> str:
    """The text with blanks up to the width."""
    return text + " " * (width - cells(text))


def wrapped(text: str, width: int) -> list[str]:
    """Lines of at most that width, broken at blanks, within a word only where it is longer."""
    lines: list[str] = []
    line = ""
    for word in _pieces(text, max(width, 1)):
        if line and cells(line) + 1 + cells(word) > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return [*lines, line] if line else lines


def _pieces(text: str, width: int) -> list[str]:
    pieces: list[str] = []
    for word in text.split():
        rest = word
        while cells(rest) > width:
            cut = width
            while cut > 1 and cells(rest[:cut]) > width:
                cut -= 1
            pieces.append(rest[:cut])
            rest = rest[cut:]
        pieces.append(rest)
    return pieces


_STYLES = {
    "critical": "1;97;41",
    "high": "1;31",
    "medium": "33",
    "low": "36",
    "path": "1",
    "rule": "1",
    "dim": "2",
    "mark": "1;31",
    "fix": "32",
    "new": "1;35",
    "good": "32",
    "bad": "31",
}


class Paint(msgspec.Struct, frozen=True):
    """Colours, or none."""

    colour: bool

    def __call__(self, style: str, text: str) -> str:
        """The text in a style; blanks around it stay plain."""
        body = text.strip()
        if not self.colour or not body:
            return text
        before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
        return f"{before}\x1b[{_STYLES[style]}m{body}\x1b[0m{after}"
