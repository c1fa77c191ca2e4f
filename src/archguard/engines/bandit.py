"""bandit: a second opinion on security."""

from __future__ import annotations

import re

import msgspec

from archguard.engines.adapter import Adapter, Answer, BadAnswer, Hit, is_python_source
from archguard.engines.catalogue import table
from archguard.model.place import Place


class _Item(msgspec.Struct):
    filename: str
    line_number: int
    line_range: list[int]
    test_id: str
    col_offset: int = 0
    end_col_offset: int = 0


class _Error(msgspec.Struct):
    filename: str


class _Output(msgspec.Struct):
    results: list[_Item]
    errors: list[_Error] = []


def command() -> list[str]:
    """No profile, no ``.bandit``; what it found is written whole, comments are ours to follow."""
    tests = ",".join(sorted(table("bandit").rules))
    return ["--recursive", "--quiet", "--ignore-nosec", "--exit-zero", "--format", "json",
            "--exclude", ".nothing", "--tests", tests, "."]  # fmt: skip


def read(output: bytes) -> Answer:
    """The hits. Neither ``issue_text`` nor ``code`` is ever looked at: they hold the secrets."""
    start = re.search(rb"^\{", output, re.MULTILINE)  # a progress line may stand before it
    try:
        found = msgspec.json.decode(output[start.start() if start else 0 :], type=_Output)
    except msgspec.DecodeError as error:
        raise BadAnswer("its answer is not the JSON that was asked for") from error
    hits = tuple(_hit(item) for item in found.results if item.test_id in table("bandit").rules)
    return Answer(hits, tuple(error.filename for error in found.errors))


def _hit(item: _Item) -> Hit:
    last = max((*item.line_range, item.line_number))
    end = item.end_col_offset + 1 if item.end_col_offset >= 0 else item.col_offset + 1
    return Hit(
        item.filename,
        Place(item.line_number, item.col_offset + 1, last, max(end, 1)),
        item.test_id,
    )


ADAPTER = Adapter(
    name="bandit",
    distribution="bandit",
    extra="engines",
    least=(1, 9),
    wants=is_python_source,
    command=command,
    read=read,
    rules=lambda: table("bandit").rules,
    columns="bytes",
    shards=True,
)
