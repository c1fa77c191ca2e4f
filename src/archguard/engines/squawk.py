"""squawk: migrations in SQL that block a table, or break the version that runs."""

from __future__ import annotations

import msgspec

from archguard.engines.adapter import Adapter, Answer, BadAnswer, Hit
from archguard.engines.catalogue import table
from archguard.model.place import Place
from archguard.model.sources import FileKind, Role


class _Item(msgspec.Struct):
    file: str
    line: int
    column: int
    rule_name: str
    line_end: int | None = None
    column_end: int | None = None


def wants(_: str, kind: FileKind, role: Role) -> bool:
    """Migrations; other SQL is run by nobody's deployment."""
    return kind == "sql" and role == "migration"


def command() -> list[str]:
    """The folder holds no ``.squawk.toml``, and squawk looks for none elsewhere."""
    return ["--reporter", "json", "**/*.[sS][qQ][lL]"]


def read(output: bytes) -> Answer:
    """The hits; lines and columns count from zero. What does not parse is archguard's own to say."""
    try:
        items = msgspec.json.decode(output or b"[]", type=list[_Item])
    except msgspec.DecodeError as error:
        raise BadAnswer("its answer is not the JSON that was asked for") from error
    return Answer(tuple(_hit(item) for item in items if item.rule_name in table("squawk").rules))


def _hit(item: _Item) -> Hit:
    last = item.line if item.line_end is None else item.line_end
    end = item.column if item.column_end is None else item.column_end
    place = Place(item.line + 1, item.column + 1, last + 1, end + 1)
    return Hit(item.file, place, item.rule_name, item.rule_name)


ADAPTER = Adapter(
    name="squawk",
    distribution="squawk-cli",
    extra="engines",
    least=(2, 0),
    wants=wants,
    command=command,
    read=read,
    rules=lambda: table("squawk").rules,
    columns="characters",
)
