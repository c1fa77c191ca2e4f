"""The cache makes runs faster and never wrong."""

from __future__ import annotations

import multiprocessing
import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archguard.extract import cache as cache_module
from archguard.extract.cache import Cache, fingerprint, pack, unpack
from archguard.extract.files import extract_file
from archguard.model.facts import FileFacts
from archguard.model.sources import FileKind

KEY: tuple[FileKind, str] = ("python", "abc")


def facts(text: str = "import os\nx = os.getenv('A')\n") -> FileFacts:
    return extract_file("python", text.encode())


def saved(folder: Path, key: tuple[FileKind, str] = KEY, text: str = "x = 1\n") -> Path:
    store = Cache(folder)
    store.put([key], pack([facts(text)]))
    store.save()
    return next(folder.glob("facts-*.bin"))


def test_what_was_put_is_there_in_the_next_run(tmp_path: Path) -> None:
    saved(tmp_path, text="x = f(1)\n")
    assert Cache(tmp_path).get(KEY) == facts("x = f(1)\n")


def test_equal_content_of_another_kind_is_something_else(tmp_path: Path) -> None:
    saved(tmp_path)
    assert Cache(tmp_path).get(("sql", "abc")) is None


def test_the_folder_ignores_itself(tmp_path: Path) -> None:
    saved(tmp_path / "deep" / "cache")
    assert (tmp_path / "deep" / "cache" / ".gitignore").read_text() == "*\n"


def test_without_a_folder_nothing_is_kept() -> None:
    store = Cache(None)
    store.put([KEY], pack([facts()]))
    store.save()
    assert Cache(None).get(KEY) is None


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    store = Cache(tmp_path / "file")
    store.put([KEY], pack([facts()]))
    store.save()
    assert Cache(tmp_path / "file").get(KEY) is None


def test_a_failing_replacement_leaves_no_rubbish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError("read-only")

    monkeypatch.setattr("os.replace", refuse)
    store = Cache(tmp_path)
    store.put([KEY], pack([facts()]))
    store.save()
    assert [p.name for p in tmp_path.iterdir()] == [".gitignore"]


@given(data=st.data())
def test_a_damaged_file_gives_right_facts_or_none(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("cache")
    path = saved(folder)
    content = bytearray(path.read_bytes())
    if data.draw(st.booleans()):
        del content[data.draw(st.integers(0, len(content) - 1)) :]
    else:
        content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    path.write_bytes(content)
    store = Cache(folder)
    assert store.get(KEY) in {None, facts("x = 1\n")}
    store.put([("python", "other")], pack([facts()]))
    store.save()
    assert Cache(folder).get(("python", "other")) == facts()


@given(st.binary(max_size=200))
def test_any_bytes_as_facts_are_facts_or_nothing(blob: bytes) -> None:
    unpack(blob)


def test_a_file_of_another_version_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = saved(tmp_path)
    monkeypatch.setattr(cache_module, "FACTS_VERSION", 999_999)
    assert Cache(tmp_path).get(KEY) is None
    path.rename(tmp_path / f"facts-{fingerprint().hex()[:12]}.bin")
    assert Cache(tmp_path).get(KEY) is None


def test_runs_that_overlap_keep_what_both_found(tmp_path: Path) -> None:
    first, second = Cache(tmp_path), Cache(tmp_path)
    first.put([("python", "one")], pack([facts("one()\n")]))
    second.put([("python", "two")], pack([facts("two()\n")]))
    first.save()
    second.save()
    store = Cache(tmp_path)
    assert store.get(("python", "one")) == facts("one()\n")
    assert store.get(("python", "two")) == facts("two()\n")


def _hammer(folder: Path, number: int) -> None:
    for turn in range(5):
        store = Cache(folder)
        store.put([("python", f"{number}-{turn}")], pack([facts(f"f({number})\n")]))
        store.save()
        assert store.get(("python", "nobody")) is None


def test_what_edits_leave_behind_in_a_pack_is_not_read_for_ever(tmp_path: Path) -> None:
    many: list[tuple[FileKind, str]] = [("python", str(number)) for number in range(20)]
    store = Cache(tmp_path)
    store.put(many, pack([facts(f"f({key})\n") for _, key in many]))
    store.save()
    for turn in range(2):
        store = Cache(tmp_path)
        assert [store.get(key) for key in many[:3]] == [facts(f"f({key})\n") for _, key in many[:3]]
        read_for_it = sum(map(len, store._unpacked.values()))  # noqa: SLF001
        assert read_for_it == (20, 3)[turn]
        store.put([("python", f"edited {turn}")], pack([facts()]))
        store.save()
    assert Cache(tmp_path).get(many[19]) == facts("f(19)\n")


def test_several_processes_at_once_never_break_the_file(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    processes = [context.Process(target=_hammer, args=(tmp_path, n)) for n in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(30)
    assert [p.exitcode for p in processes] == [0] * 4
    assert any(Cache(tmp_path).get(("python", f"{n}-4")) == facts(f"f({n})\n") for n in range(4))
    assert not list(tmp_path.glob("*.tmp"))


def test_what_nobody_uses_is_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    saved(tmp_path, ("python", "old"))
    later = time.time() + 20 * 86_400
    monkeypatch.setattr("time.time", lambda: later)
    saved(tmp_path, ("python", "young"))
    later += 15 * 86_400
    saved(tmp_path, ("python", "newest"))
    store = Cache(tmp_path)
    assert store.get(("python", "old")) is None
    assert store.get(("python", "young")) is not None


def test_what_is_used_stays_though_nothing_is_new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    saved(tmp_path)
    later = time.time() + 20 * 86_400
    monkeypatch.setattr("time.time", lambda: later)
    store = Cache(tmp_path)
    assert store.get(KEY) is not None
    store.save()
    later += 20 * 86_400
    saved(tmp_path, ("python", "new"))
    assert Cache(tmp_path).get(KEY) is not None


def test_files_of_versions_long_unused_are_removed(tmp_path: Path) -> None:
    old = tmp_path / "facts-000000000000.bin"
    old.write_bytes(b"")
    os.utime(old, (0, 0))
    saved(tmp_path)
    assert not old.exists()
