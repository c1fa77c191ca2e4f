from __future__ import annotations

import msgspec
import pytest
from msgspec.structs import replace

from archguard.assess.stored_run import SCHEMA, StoredRunError
from archguard.model.run import Commit, Run
from archguard.output import sidecar
from tests.output.sample_run import sample_run


def test_a_run_comes_back_as_it_was() -> None:
    assert sidecar.decode(sidecar.encode(sample_run())) == sample_run()


def test_an_empty_run_comes_back() -> None:
    run = Run("services/api", "0.1.0", Commit(), (), ())
    assert sidecar.decode(sidecar.encode(run)) == run


def test_the_same_run_gives_the_same_bytes() -> None:
    assert sidecar.encode(sample_run()) == sidecar.encode(sample_run())


def test_control_characters_and_lone_surrogates_are_written_out() -> None:
    run = replace(sample_run(), target="a\x1b[31m\ud800")
    assert sidecar.decode(sidecar.encode(run)).target == "a\\x1b[31m\\ud800"


def test_a_newer_schema_is_refused_by_name() -> None:
    newer = msgspec.json.encode({"archguard": SCHEMA + 1, "run": {}})
    with pytest.raises(StoredRunError, match=f"newer archguard .schema {SCHEMA + 1}"):
        sidecar.decode(newer)


def test_a_field_that_this_version_does_not_know_is_passed_over() -> None:
    value = msgspec.json.decode(sidecar.encode(sample_run()))
    value["run"]["mood"] = "good"
    assert sidecar.decode(msgspec.json.encode(value)) == sample_run()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b'"\xed\xa0"',
        b"[" * 99_999,
        b"[]",
        b"{}",
        b'{"archguard": "1"}',
        b'{"archguard": 1, "run": 2}',
    ],
)
def test_anything_else_is_refused_in_one_line(content: bytes) -> None:
    with pytest.raises(StoredRunError) as caught:
        sidecar.decode(content)
    assert "\n" not in str(caught.value)
