"""Keys of the other side in the words of this one, after git has said which files moved.

A key holds module paths (``app.services.quotes.latest``) or file paths, and which prefix of a file's
path its module name lacks (``src/``, a service's root) is not known here. So a moved file offers
several readings; only one that meets a key of this side counts, and the others do no harm.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

_WORD = re.compile(r"[\w./\-]*[\w]")


class Renaming:
    """What moved, as pairs of old and new words."""

    def __init__(self, renames: Mapping[str, str]) -> None:
        """``renames`` maps the new path to the old one."""
        moved = sorted((old, new) for new, old in renames.items())
        self._readings: list[dict[str, str]] = []
        depth = max((len(PurePosixPath(old).parts) for old, _ in moved), default=0)
        for stripped in range(depth):
            table = dict(pair for old, new in moved for pair in _pairs(old, new, stripped))
            if table and table not in self._readings:
                self._readings.append(table)

    def readings(self, key: str) -> Iterator[str]:
        """The key itself, then each different reading of it."""
        yield key
        seen = {key}
        for table in self._readings:
            read = _WORD.sub(lambda match, table=table: _moved(match[0], table), key)  # type: ignore[misc]
            if read not in seen:
                seen.add(read)
                yield read


def _pairs(old: str, new: str, stripped: int) -> Iterator[tuple[str, str]]:
    """A moved file's path and module name, with that many leading folders left out of the latter."""
    yield old, new
    before, after = _module(old), _module(new)
    common = 0
    while common < min(len(before), len(after)) - 1 and before[common] == after[common]:
        common += 1
    if stripped <= common and len(before) > stripped and len(after) > stripped:
        yield ".".join(before[stripped:]), ".".join(after[stripped:])


def _module(path: str) -> list[str]:
    parts = list(PurePosixPath(path).with_suffix("").parts)
    return parts[:-1] if len(parts) > 1 and parts[-1] == "__init__" else parts


def _moved(word: str, table: Mapping[str, str]) -> str:
    """The word with its longest beginning that moved replaced."""
    if word in table:
        return table[word]
    at = len(word)
    while (at := word.rfind(".", 0, at)) > 0:
        if word[:at] in table:
            return table[word[:at]] + word[at:]
    return word
