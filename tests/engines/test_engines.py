"""The engines themselves, on real files: what they find, and what they are kept from."""

from __future__ import annotations

from pathlib import Path

import pytest

from archguard.engines.adapter import NAMES, adapter
from archguard.engines.translate import findings_of
from archguard.extract.files import extract_file
from tests.engines.services import SERVICE, collected, found, write

ENGINES = [name for name in NAMES if name != "semgrep"]


def test_ruff_finds_what_is_selected_and_nothing_else(tmp_path: Path) -> None:
    result = collected(write(tmp_path, SERVICE), "ruff")
    assert found(result) == {
        ("S105", "app/main.py", 7),
        ("B006", "app/main.py", 13),
        ("S506", "app/main.py", 14),
        ("S602", "app/main.py", 18),
        ("S107", "app/main.py", 21),
        ("S106", "app/main.py", 22),
        ("F821", "app/main.py", 24),
        ("S110", "app/main.py", 25),
        ("S113", "app/main.py", 30),
    }
    assert [(each.name, each.files) for each in result.stats] == [("ruff", 2)]


def test_bandit_is_a_second_witness(tmp_path: Path) -> None:
    result = collected(write(tmp_path, SERVICE), "bandit")
    assert {("B105", "app/main.py", 7), ("B506", "app/main.py", 14), ("B113", "app/main.py", 30)} <= found(
        result
    )
    assert {path for _, path, _ in found(result)} == {"app/main.py"}


def test_squawk_reads_migrations(tmp_path: Path) -> None:
    files = {**SERVICE, "sql/report.sql": "DROP TABLE users;\n"}
    assert found(collected(write(tmp_path, files), "squawk")) == {
        ("require-concurrent-index-creation", "migrations/001.sql", 1),
        ("renaming-column", "migrations/001.sql", 2),
    }


def test_detect_secrets_knows_formats_in_code_and_configuration(tmp_path: Path) -> None:
    assert found(collected(write(tmp_path, SERVICE), "detect-secrets")) == {
        ("GitHub Token", "app/main.py", 8),
        ("AWS Access Key", "app/main.py", 9),
        ("Basic Auth Credentials", "app/main.py", 10),
        ("Basic Auth Credentials", "config/settings.yml", 1),
    }


@pytest.mark.parametrize("name", ENGINES)
def test_the_targets_own_configuration_has_no_say(tmp_path: Path, name: str) -> None:
    """Neither its configuration files, nor what it ignores, nor a folder that tools leave out by habit."""
    plain = collected(write(tmp_path / "plain", SERVICE), name)
    assert plain.hits
    moved = {path.replace("app/", "_build/app/"): text for path, text in SERVICE.items()}
    hostile = {
        **moved,
        "pyproject.toml": "[tool.ruff]\nexclude = ['*']\n[tool.bandit]\nexclude_dirs = ['_build']\n",
        "ruff.toml": "exclude = ['*']\n",
        "_build/ruff.toml": "lint.select = []\n",
        ".bandit": "[bandit]\nexclude: /_build\nskips: B105,B506\n",
        ".squawk.toml": "excluded_rules = ['renaming-column', 'require-concurrent-index-creation']\n",
        ".secrets.baseline": "{}",
        ".ignore": "*\n",
    }
    configured = collected(write(tmp_path / "hostile", hostile), name)
    expected = {(code, path.replace("app/", "_build/app/"), line) for code, path, line in found(plain)}
    assert found(configured) == expected
    assert not configured.failures


@pytest.mark.parametrize("name", ENGINES)
def test_comments_for_an_engine_are_left_for_archguard_to_follow(tmp_path: Path, name: str) -> None:
    """So that what they silence is counted and shown with its reason."""
    plain = collected(write(tmp_path / "plain", SERVICE), name)
    comment = "  # noqa  # nosec"
    marked = {
        path: "".join(f"{line}{comment if line.endswith(')') else ''}\n" for line in text.splitlines())
        for path, text in SERVICE.items()
    }
    assert found(collected(write(tmp_path / "marked", marked), name)) == found(plain)


def test_columns_are_utf16_units_whatever_the_engine_counts(tmp_path: Path) -> None:
    line = "x = '\N{PILE OF POO}é'; eval(input())\n"
    folder = write(tmp_path, {"app/__init__.py": "", "app/main.py": line})
    for name, code in (("ruff", "S307"), ("bandit", "B307")):
        (place,) = [hit.place for _, hit in collected(folder, name).hits if hit.code == code]
        assert place.column == line.index("eval") + 2, name


def test_every_engine_has_an_adapter_that_says_what_installs_it() -> None:
    assert {adapter(name).extra for name in NAMES} == {"engines", "semgrep"}


LOGGED = """import logging
from datetime import datetime

log = logging.getLogger(__name__)


def work():
    try:
        go()
    except ValueError as error:
        log.error("expected")
    except (KeyError, Exception) as error:
        log.error("lost")
        raise RuntimeError("worse") from error
    try:
        go()
    except Exception as error:
        log.error("kept", exc_info=error)
    try:
        go()
    except Exception as error:
        if error.args:
            log.error(
                "goes on"
            )
        raise
    try:
        go()
    except Exception as error:
        log.error("kept beside it")
        log.exception(error)
    return int(datetime.now().timestamp()), datetime.now()


def when():
    return datetime.now()
"""


def test_what_our_facts_excuse_is_no_finding(tmp_path: Path) -> None:
    folder = write(tmp_path, {"app/__init__.py": "", "app/main.py": LOGGED})
    result = collected(folder, "ruff")
    facts = {"app/main.py": extract_file("python", LOGGED.encode())}
    findings = list(findings_of(result.hits, result.rules, facts))
    assert [f.span.line for f in findings if f.rule == "ruff TRY400"] == [13]
    assert [f.span.line for f in findings if f.rule == "ruff DTZ005"] == [36]
    assert len(result.hits) > len(findings)
