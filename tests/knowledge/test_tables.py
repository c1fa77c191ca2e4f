"""The tables: every entry has a source, is said once, and names what exists."""

from __future__ import annotations

import builtins
import importlib
import multiprocessing
import select
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from typing import get_args

import pytest

from archguard.knowledge import load
from archguard.knowledge.groups import Group
from archguard.knowledge.reading import Tables, read_tables
from archguard.model.policy import BlockingKind, Mode

TABLES = read_tables()
ALL_NAMES = ("blocking", "timeouts", "receivers", "returns", "aliases", "roles", "harmless")
VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"


def groups_of(table: Tables, *names: str) -> Iterator[Group]:
    for name in names:
        yield from getattr(table, name)


def standard_symbols() -> list[str]:
    """All symbols of the standard library that a table says something of and that this Python has."""
    groups = (group for table in TABLES for group in groups_of(table, *ALL_NAMES))
    here = (g for g in groups if not g.removed or _version(VERSION) < _version(g.removed))
    paths = {path for group in here for path in group.paths}
    heads = sys.stdlib_module_names
    return sorted(path for path in paths if path.split(".")[0] in heads or "." not in path)


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split("."))


# Public names that are factories: their results carry the methods, so one is looked at.
FACTORIES: dict[str, object] = {
    "threading.Lock": threading.Lock(),
    "threading.RLock": threading.RLock(),
    "threading.Condition": threading.Condition(),
    "multiprocessing.synchronize.Lock": multiprocessing.Lock(),
    "multiprocessing.synchronize.RLock": multiprocessing.RLock(),
    "multiprocessing.synchronize.Semaphore": multiprocessing.Semaphore(),
    "select.poll": select.poll(),
}

# Known, and not on every Python or platform: typing.override is 3.12, warnings.deprecated 3.13,
# pathlib._local 3.13 alone, the Proactor loop Windows.
ELSEWHERE = {
    "pathlib.Path.__enter__",
    "asyncio.ProactorEventLoop",
    "pathlib._local.Path",
    "pathlib.WindowsPath",
    "select.epoll.poll",
    "select.epoll",
    "typing.override",
    "warnings.deprecated",
}


def resolves(symbol: str) -> bool:
    parts = symbol.removesuffix(".*").split(".")
    if len(parts) == 1:
        return hasattr(builtins, symbol)
    for cut in range(len(parts), 0, -1):
        start = ".".join(parts[:cut])
        found = FACTORIES.get(start) or _imported(start)
        if found is not None:
            return all((found := getattr(found, part, None)) is not None for part in parts[cut:])
    return False


def _imported(name: str) -> object:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


@pytest.mark.parametrize("symbol", [symbol for symbol in standard_symbols() if "()" not in symbol])
def test_a_symbol_of_the_standard_library_exists(symbol: str) -> None:
    assert symbol in ELSEWHERE or resolves(symbol)


@pytest.mark.parametrize("name", ALL_NAMES)
def test_no_symbol_is_said_twice(name: str) -> None:
    seen = Counter(path for table in TABLES for group in groups_of(table, name) for path in group.paths)
    assert [path for path, count in seen.items() if count > 1] == []


def test_no_class_has_its_bases_said_twice() -> None:
    seen = Counter(name for table in TABLES for group in table.bases for name in group.bases)
    assert [name for name, count in seen.items() if count > 1] == []


def test_every_group_names_its_source() -> None:
    groups = [group for table in TABLES for group in groups_of(table, *ALL_NAMES)]
    sources = [group.source for group in groups] + [g.source for table in TABLES for g in table.bases]
    assert sources
    assert all(len(source.strip()) >= 6 for source in sources)


def test_every_entry_of_blocking_and_timeouts_carries_its_source() -> None:
    knowledge = load()
    assert all(entry.source for entry in knowledge.blocking.values())
    assert all(entry.source for entry in knowledge.timeouts.values())


def test_keys_are_the_symbols_of_their_entries() -> None:
    knowledge = load()
    assert all(key == entry.symbol for key, entry in knowledge.blocking.items())
    assert all(key == entry.symbol for key, entry in knowledge.timeouts.items())
    assert all(key == entry.symbol for key, entry in knowledge.receivers.items())


def test_kinds_and_modes_are_those_of_the_model() -> None:
    knowledge = load()
    assert {entry.kind for entry in knowledge.blocking.values()} == set(get_args(BlockingKind))
    assert {entry.mode for entry in knowledge.receivers.values()} <= set(get_args(Mode))


def test_an_alias_leads_to_a_canonical_name_in_one_step() -> None:
    aliases = load().aliases
    assert {target for target in aliases.values() if target in aliases} == set()


@pytest.mark.parametrize("table", ["blocking", "timeouts", "receivers", "returns", "roles", "bases"])
def test_no_key_is_an_alias_of_another_name(table: str) -> None:
    knowledge = load()
    aliases = knowledge.aliases
    stale = [key for key in getattr(knowledge, table) if any(_under(key, alias) for alias in aliases)]
    assert stale == []


def _under(key: str, alias: str) -> bool:
    return key == alias or key.startswith(alias + ".")


def test_a_wildcard_stands_only_at_the_end() -> None:
    knowledge = load()
    keys = [*knowledge.blocking, *knowledge.timeouts, *knowledge.receivers, *knowledge.returns]
    assert [key for key in keys if "*" in key.removesuffix(".*")] == []


def test_harmless_names_are_exceptions_to_a_wildcard_and_not_blocking() -> None:
    knowledge = load()
    assert [name for name in knowledge.harmless if name in knowledge.blocking] == []


def test_loading_gives_the_same_value_each_time() -> None:
    first = load()
    assert load() is first
    load.cache_clear()
    assert load() == first


def test_what_never_blocks_is_not_in_the_table() -> None:
    blocking = load().blocking
    for symbol in (
        "os.stat",
        "os.path.exists",
        "pathlib.Path.exists",
        "queue.Queue.get_nowait",
        "asyncio.sleep",
    ):
        assert symbol not in blocking


def test_clients_with_a_default_of_their_own_say_so() -> None:
    timeouts = load().timeouts
    assert timeouts["requests.get"].default is None
    assert timeouts["requests.Session.get"].holder == "requests.Session"
    assert timeouts["httpx.AsyncClient"].default == 5
    assert timeouts["aiohttp.ClientSession"].default == 300
    assert timeouts["redis.Redis"].parameters == ("socket_timeout",)
