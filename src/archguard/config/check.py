"""From a table of values to `Settings`: unknown keys, wrong types and unusable values are named."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, get_args

import msgspec

from archguard.config.settings import (
    ENGINES,
    BlockingEntry,
    ClientEntry,
    ConfigError,
    Count,
    FailOn,
    LimitSettings,
    PerPath,
    ReportSettings,
    Settings,
)
from archguard.config.toml import Key, line_of
from archguard.model.policy import BlockingKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_UNKNOWN = re.compile(r"^Object contains unknown field `(.*)`$", re.DOTALL)
_MISSING = re.compile(r"^Object missing required field `(.*)`$", re.DOTALL)
_WRONG = re.compile(r"^Expected `([^`]*)`, got `([^`]*)`$")
_BOUND = re.compile(r"^Expected `([^`]*)` (>=|<=|>|<) (.*)$")
_ENUM = re.compile(r"^Invalid enum value (.*)$", re.DOTALL)
_AT = re.compile(r"^(.*) - at `\$(.*)`$", re.DOTALL)
_STEP = re.compile(r"\.([^.\[]+)|\[(\d+)\]")

_TYPES = {
    "str": "a string",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list",
    "object": "a table",
    "null": "nothing",
}
_TABLES: dict[str, type[msgspec.Struct]] = {
    "": Settings,
    "limits": LimitSettings,
    "report": ReportSettings,
    "blocking": BlockingEntry,
    "clients": ClientEntry,
    "per-path": PerPath,
}
_CHOICES: dict[str, tuple[str, ...]] = {
    "fail-on": get_args(FailOn),
    "kind": get_args(BlockingKind),
    "engines": (*ENGINES, "all", "none"),
}

_RULE = re.compile(r"(ALL|AG(\d\d){0,2}|(?!AG)[A-Z]{1,12}\d{1,6}|(?!AG)[A-Z]{2,12}|[a-z][a-z0-9-]*[: ]\S+)")
_SYMBOL = re.compile(r"[^\W\d]\w*(\(\))?(\.[^\W\d]\w*(\(\))?)*(\.\*)?")


class Origin(msgspec.Struct, frozen=True):
    """The file that a table comes from: for messages, and to resolve what is relative to it."""

    path: str
    content: bytes
    prefix: Key

    def error(self, key: Key, message: str) -> ConfigError:
        """What is wrong with the value at this key."""
        return ConfigError(self.path, line_of(self.content, (*self.prefix, *key)), message)


def check(table: dict[str, object], origin: Origin) -> Settings:
    """The settings of one file; ConfigError at the first thing that is wrong."""
    whole = {"all": ["all"], "none": []}
    engines = table.get("engines")
    if isinstance(engines, str) and engines in whole:
        table = {**table, "engines": whole[engines]}
    try:
        settings = msgspec.convert(table, Settings)
    except msgspec.ValidationError as error:
        raise _explained(str(error), table, origin) from None
    for key, message in _unusable(settings, posixpath.dirname(origin.path)):
        raise origin.error(key, message)
    return settings


# --- types and keys -------------------------------------------------------------------------------


def _explained(message: str, table: dict[str, object], origin: Origin) -> ConfigError:
    """A validation error in the words of the configuration's author."""
    at = _AT.match(message)
    reason, steps = (at[1], at[2]) if at else (message, "")
    key: Key = tuple(name or int(number) for name, number in _STEP.findall(steps.removesuffix("[...]")))
    if steps.endswith("[...]"):
        key = (*key, *_wrong_key(table.get(str(key[0]))))
    for pattern, explain in _EXPLANATIONS:
        match = pattern.match(reason)
        if match:
            return explain(match, key, origin)
    return origin.error(key, f"{dotted(key)}: {reason}")


def _wrong_key(table: object) -> Key:
    """The first key of a table of numbers whose value is none: validation does not tell."""
    for name, value in table.items() if isinstance(table, dict) else ():
        try:
            msgspec.convert(value, Count)
        except msgspec.ValidationError:
            return (str(name),)
    return ()


def _unknown(match: re.Match[str], key: Key, origin: Origin) -> ConfigError:
    table = _TABLES[str(key[0]) if key else ""]
    hint = nearest_of(match[1], msgspec.structs.fields(table))
    place = f" in {dotted(key)}" if key else ""
    return origin.error((*key, match[1]), f"unknown key {match[1]!r}{place}{hint}")


def _missing(match: re.Match[str], key: Key, origin: Origin) -> ConfigError:
    return origin.error(key, f"{dotted(key)} needs the key {match[1]!r}")


def _wrong(match: re.Match[str], key: Key, origin: Origin) -> ConfigError:
    expected = " or ".join(
        _TYPES.get(name.strip(), name.strip()) for name in match[1].split("|") if name != " null"
    )
    got = _TYPES.get(match[2], f"a {match[2]}")
    return origin.error(key, f"{dotted(key)} must be {expected}, not {got}")


def _bound(match: re.Match[str], key: Key, origin: Origin) -> ConfigError:
    words = {">=": "at least", "<=": "at most", ">": "more than", "<": "less than"}
    return origin.error(key, f"{dotted(key)} must be {words[match[2]]} {match[3]}")


def _enum(match: re.Match[str], key: Key, origin: Origin) -> ConfigError:
    name = next((step for step in reversed(key) if isinstance(step, str)), "")
    choices = _CHOICES.get(name, ())
    hint = nearest_of(match[1].strip("'"), choices) or f": one of {', '.join(choices)}"
    return origin.error(key, f"{dotted(key)} cannot be {match[1]}{hint}")


_EXPLANATIONS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], Key, Origin], ConfigError]], ...] = (
    (_UNKNOWN, _unknown),
    (_MISSING, _missing),
    (_WRONG, _wrong),
    (_BOUND, _bound),
    (_ENUM, _enum),
)


def nearest_of(word: str, known: Iterable[str | msgspec.structs.FieldInfo]) -> str:
    """``; did you mean 'x'?`` where one of the known words is close."""
    from difflib import get_close_matches

    names = [item if isinstance(item, str) else item.encode_name for item in known]
    close = get_close_matches(word[:100].lower().replace("_", "-"), names, n=1)
    return f"; did you mean {close[0]!r}?" if close else ""


def dotted(key: Key) -> str:
    """A key as people write it: ``per-path[1].glob``, counted from one."""
    text = "".join(f"[{step + 1}]" if isinstance(step, int) else f".{_name(step)}" for step in key)
    return text.removeprefix(".") or "the configuration"


def _name(word: str) -> str:
    return word if word.isprintable() and word else repr(word)


# --- values ---------------------------------------------------------------------------------------


def _unusable(settings: Settings, folder: str) -> Iterator[tuple[Key, str]]:
    for key, path in _paths(settings):
        problem = path_problem(path, folder)
        if problem:
            yield key, f"{dotted(key)}: {problem}"
    for key, pattern in _patterns(settings):
        if not _RULE.fullmatch(pattern):
            hint = f"; did you mean {pattern.upper()!r}?" if _RULE.fullmatch(pattern.upper()) else ""
            yield key, f"{dotted(key)}: {pattern!r} is no rule id such as 'AG0901' or 'AG09'{hint}"
    for key, symbol in _symbols(settings):
        if not _SYMBOL.fullmatch(symbol):
            yield key, f"{dotted(key)}: {symbol!r} is no dotted name such as 'package.Client.get'"


def _paths(settings: Settings) -> Iterator[tuple[Key, str]]:
    yield from _numbered("src", settings.src)
    yield from _numbered("exclude", settings.exclude)
    yield from _numbered("plans", settings.plans)
    yield from ((("per-path", i, "glob"), entry.glob) for i, entry in enumerate(settings.per_path))
    yield ("report", "directory"), settings.report.directory
    if settings.extend:
        yield ("extend",), settings.extend


def _patterns(settings: Settings) -> Iterator[tuple[Key, str]]:
    yield from _numbered("select", settings.select)
    yield from _numbered("ignore", settings.ignore)
    for i, entry in enumerate(settings.per_path):
        yield from ((("per-path", i, *key), pattern) for key, pattern in _numbered("ignore", entry.ignore))


def _symbols(settings: Settings) -> Iterator[tuple[Key, str]]:
    yield from ((("blocking", i, "call"), entry.call) for i, entry in enumerate(settings.blocking))
    yield from ((("clients", i, "call"), entry.call) for i, entry in enumerate(settings.clients))
    yield from (
        (("clients", i, "holder"), entry.holder) for i, entry in enumerate(settings.clients) if entry.holder
    )


def _numbered(name: str, values: tuple[str, ...]) -> Iterator[tuple[Key, str]]:
    return (((name, i), value) for i, value in enumerate(values))


def path_problem(path: str, folder: str = "") -> str:
    """Why a path (or glob) of the configuration in ``folder`` may not be used; empty if it may."""
    if not path or "\0" in path:
        return "an empty path" if not path else "a path with a NUL character"
    if "\\" in path:
        return f"{path!r} must use '/' between folders"
    if path.startswith(("/", "~")) or path[1:2] == ":":
        return f"{path!r} must be relative to the configuration file"
    if posixpath.normpath(posixpath.join(folder, path)).split("/")[0] == "..":
        return f"{path!r} leads out of the repository"
    return ""
