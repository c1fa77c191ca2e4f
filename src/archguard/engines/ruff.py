"""ruff: what it does well that archguard does not do again."""

from __future__ import annotations

import re

import msgspec

from archguard.engines.adapter import Adapter, Answer, BadAnswer, Hit, is_python_source
from archguard.engines.catalogue import table
from archguard.model.place import Place

_NAME = re.compile(r"[`\"']([^\W\d][\w.]{0,60})[`\"']")
_MEASURE = re.compile(r"\((\d+) > \d+\)")
_LITERAL_COMMAND = "seems safe"


class _Point(msgspec.Struct):
    row: int
    column: int


class _Item(msgspec.Struct):
    filename: str
    location: _Point
    end_location: _Point
    code: str | None = None
    message: str = ""


def command() -> list[str]:
    """Apart from any configuration, also that of the user's home; nothing kept, nothing left out."""
    found = table("ruff")
    settings = [word for setting in (*found.settings, "exclude=[]") for word in ("--config", setting)]
    return [
        "check", "--isolated", "--no-cache", "--no-respect-gitignore", "--quiet", "--exit-zero",
        "--ignore-noqa", "--target-version", "py311", "--output-format", "json",
        "--select", ",".join(sorted(found.rules)), *settings, ".",
    ]  # fmt: skip


def read(output: bytes) -> Answer:
    """The hits; a file that does not parse is said by archguard itself."""
    try:
        items = msgspec.json.decode(output, type=list[_Item])
    except msgspec.DecodeError as error:
        raise BadAnswer("its answer is not the JSON that was asked for") from error
    return Answer(tuple(_hit(item) for item in items if _counts(item)))


def _counts(item: _Item) -> bool:
    """A shell command that is a literal is no finding."""
    return item.code in table("ruff").rules and _LITERAL_COMMAND not in item.message


def _hit(item: _Item) -> Hit:
    name, measure = _NAME.search(item.message), _MEASURE.search(item.message)
    start, end = item.location, item.end_location
    return Hit(
        item.filename,
        Place(start.row, start.column, end.row, end.column),
        item.code or "",
        name[1] if name else "",
        int(measure[1]) if measure else 0,
    )


ADAPTER = Adapter(
    name="ruff",
    distribution="ruff",
    extra="engines",
    least=(0, 14),
    wants=is_python_source,
    command=command,
    read=read,
    rules=lambda: table("ruff").rules,
    columns="characters",
)
