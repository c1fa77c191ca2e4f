from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archguard.config.settings import (
    BlockingEntry,
    ClientEntry,
    ConfigError,
    LimitSettings,
    PerPath,
    ReportSettings,
    Settings,
    load_settings,
)
from archguard.model.finding import Severity

if TYPE_CHECKING:
    from archguard.config.settings import Read

FULL = """\
[project]
name = "x"

[tool.archguard]
src = ["src", "./lib/", "."]
exclude = ["old/**"]
select = ["AG", "AG09", "AG0901", "ALL"]
ignore = ["bandit:B101", "ACME0101"]
fail-on = "medium"
layers = ["api", "services", "db"]
plans = ["docs/plan*.md"]
engines = ["native", "ruff"]
require-reason = true

[tool.archguard.expected-load]
users = 1000

[tool.archguard.limits]
chain = 12

[tool.archguard.report]
title = "Quotes"

[[tool.archguard.blocking]]
call = "ours.db.Client.query"
kind = "database"
instead = "ours.db.AsyncClient.query"

[[tool.archguard.clients]]
call = "ours.http.get"
parameters = ["timeout", "deadline"]
position = 1
default = 30

[[tool.archguard.per-path]]
glob = "legacy/**"
ignore = ["AG01"]
"""


def reading(files: dict[str, str | bytes]) -> Read:
    def read(path: str) -> bytes:
        if path not in files:
            raise FileNotFoundError(path)
        content = files[path]
        return content.encode() if isinstance(content, str) else content

    return read


def load(text: str | bytes) -> Settings:
    return load_settings(reading({"archguard.toml": text}))


def error(text: str | bytes) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        load(text)
    return caught.value


def outcome(path: str, text: str | bytes) -> Settings | ConfigError:
    try:
        return load_settings(reading({path: text}))
    except ConfigError as found:
        return found


def test_every_key_arrives_typed() -> None:
    assert load_settings(reading({"pyproject.toml": FULL})) == Settings(
        src=("src", "lib", ""),
        exclude=("old/**",),
        select=("AG", "AG09", "AG0901", "ALL"),
        ignore=("bandit:B101", "ACME0101"),
        fail_on="medium",
        layers=("api", "services", "db"),
        plans=("docs/plan*.md",),
        engines=("native", "ruff"),
        require_reason=True,
        expected_load={"users": 1000},
        limits=LimitSettings(chain=12),
        report=ReportSettings(title="Quotes"),
        blocking=(
            BlockingEntry(call="ours.db.Client.query", kind="database", instead="ours.db.AsyncClient.query"),
        ),
        clients=(
            ClientEntry(call="ours.http.get", parameters=("timeout", "deadline"), position=1, default=30.0),
        ),
        per_path=(PerPath(glob="legacy/**", ignore=("AG01",)),),
    )


def test_without_configuration_the_defaults_hold() -> None:
    assert load_settings(reading({})) == Settings()
    assert load_settings(reading({"pyproject.toml": "[project]\nname = 'x'\n"})) == Settings()
    assert load_settings(reading({"pyproject.toml": "[project]\nname = 'uses-archguard'\n"})) == Settings()
    assert Settings().threshold is Severity.HIGH
    assert load("fail-on = 'never'").threshold is None


def test_a_broken_pyproject_that_is_not_about_us_does_not_stop_us() -> None:
    assert load_settings(reading({"pyproject.toml": "[project\n"})) == Settings()


def test_the_nearest_file_counts_and_its_paths_are_relative_to_it() -> None:
    files: dict[str, str | bytes] = {
        "pyproject.toml": "[tool.archguard]\nsrc = ['top']\n",
        "services/api/archguard.toml": "src = ['src', '../shared']\nexclude = ['gen', 'a/*.py']\n",
        "services/api/pyproject.toml": "[tool.archguard]\nsrc = ['other']\n",
    }
    near = load_settings(reading(files), target="services/api/app")
    assert near.src == ("services/api/src", "services/shared")
    assert near.exclude == ("services/api/**/gen", "services/api/a/*.py")
    assert load_settings(reading(files), target="services/web").src == ("top",)


def test_a_named_file_counts_alone() -> None:
    files: dict[str, str | bytes] = {"archguard.toml": "src = ['a']\n", "ci/strict.toml": "fail-on = 'low'\n"}
    assert load_settings(reading(files), "ci/strict.toml") == Settings(fail_on="low")
    files["ci/strict.toml"] = "[tool.archguard]\nfail-on = 'medium'\n"
    assert load_settings(reading(files), "ci/strict.toml").fail_on == "medium"


@pytest.mark.parametrize(
    "path", ["/etc/x.toml", "../x.toml", "a/../../x.toml", "~/x.toml", "missing.toml", "p/pyproject.toml"]
)
def test_a_named_file_that_cannot_be_used_is_an_error(path: str) -> None:
    with pytest.raises(ConfigError):
        load_settings(reading({"p/pyproject.toml": "[project]\n"}), path)


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("exlude = []", 1, "unknown key 'exlude'; did you mean 'exclude'?"),
        ("\n\nfail_on = 'low'", 3, "unknown key 'fail_on'; did you mean 'fail-on'?"),
        ("zzz = 1", 1, "unknown key 'zzz'"),
        ("[limits]\nchian = 1", 2, "unknown key 'chian' in limits; did you mean 'chain'?"),
        ("src = 'src'", 1, "src must be a list, not a string"),
        ("src = ['a', 1]", 1, "src[2] must be a string, not a whole number"),
        ("require-reason = 'yes'", 1, "require-reason must be true or false, not a string"),
        ("limits = []", 1, "limits must be a table, not a list"),
        ("[limits]\nchain = 1.5", 2, "limits.chain must be a whole number, not a number"),
        ("[limits]\nchain = 0", 2, "limits.chain must be at least 1"),
        ("[expected-load]\nusers = 'x'", 2, "expected-load.users must be a whole number, not a string"),
        ("[expected-load]\na = 1\nusers = 0", 3, "expected-load.users must be at least 1"),
        ('[expected-load]\n"a\\nb" = 0', 1, "expected-load.'a\\nb' must be at least 1"),
        ("fail-on = 'hihg'", 1, "fail-on cannot be 'hihg'; did you mean 'high'?"),
        ("fail-on = 'zzz'", 1, "fail-on cannot be 'zzz': one of critical, high, medium, low, never"),
        ("engines = ['rufff']", 1, "engines[1] cannot be 'rufff'; did you mean 'ruff'?"),
        ("engines = 'some'", 1, "engines must be a list, not a string"),
        (
            "[[blocking]]\ncall = 'a.b'\nkind = 'disk'\n[[blocking]]\ncall = 'a'",
            4,
            "blocking[2] needs the key 'kind'",
        ),
        ("[[blocking]]\ncall = 'a b'\nkind = 'disk'", 2, "blocking[1].call: 'a b' is no dotted name"),
        ("[[per-path]]\nglob = '/x'", 2, "per-path[1].glob: '/x' must be relative to the configuration file"),
        ("exclude = ['a',\n  '../b']", 1, "exclude[2]: '../b' leads out of the repository"),
        ("src = ['']", 1, "src[1]: an empty path"),
        ("ignore = ['AG9']", 1, "ignore[1]: 'AG9' is no rule id such as 'AG0901' or 'AG09'"),
        ("ignore = ['ag0901']", 1, "did you mean 'AG0901'?"),
        ("x = [", 1, "not valid TOML"),
        ("a = 1\na = 2", 2, "not valid TOML: Cannot overwrite a value"),
        (b"a = 1\nb = '\xff'", 2, "the file is not UTF-8"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text: str | bytes, line: int, message: str) -> None:
    found = error(text)
    assert message in found.message
    assert (found.path, found.line) == ("archguard.toml", line)
    assert "\n" not in str(found)


def test_the_line_is_right_behind_other_tables_and_long_strings() -> None:
    text = '[tool.other]\nsrc = """\nfail-on = 1\n"""\n[tool.archguard]\n"src" = []\nfail-on = 3\n'
    with pytest.raises(ConfigError) as caught:
        load_settings(reading({"pyproject.toml": text}))
    assert caught.value.line == 7


@pytest.mark.parametrize("text", ["tool.archguard = 1", "[tool]\narchguard = []"])
def test_our_table_must_be_a_table(text: str) -> None:
    found = outcome("pyproject.toml", text)
    assert isinstance(found, ConfigError)
    assert found.message == "tool.archguard must be a table"


def test_what_a_file_extends_lies_under_it() -> None:
    files: dict[str, str | bytes] = {
        "archguard.toml": (
            "extend = 'ci/base.toml'\nexclude = ['b']\n[limits]\nchain = 5\n"
            "[expected-load]\nusers = 2\n[[per-path]]\nglob = 'y'\n"
        ),
        "ci/base.toml": (
            "exclude = ['a']\nfail-on = 'low'\nsrc = ['../src']\n[limits]\nchain = 3\nunion = 2\n"
            "[expected-load]\nusers = 1\nrequests = 9\n[[per-path]]\nglob = 'x/*'\n"
        ),
    }
    settings = load_settings(reading(files))
    assert settings.exclude == ("b",)
    assert settings.fail_on == "low"
    assert settings.src == ("src",)
    assert settings.limits == LimitSettings(chain=5, union=2)
    assert settings.expected_load == {"users": 2, "requests": 9}
    assert [entry.glob for entry in settings.per_path] == ["ci/x/*", "y"]


def test_an_extended_file_that_is_wrong_is_named() -> None:
    for base, path, line in (("fail-on = 1", "base.toml", 1), (None, "archguard.toml", 1)):
        files: dict[str, str | bytes] = {"archguard.toml": "extend = 'base.toml'"}
        if base is not None:
            files["base.toml"] = base
        with pytest.raises(ConfigError) as caught:
            load_settings(reading(files))
        assert (caught.value.path, caught.value.line) == (path, line)


def test_a_circle_of_extensions_is_an_error() -> None:
    files: dict[str, str | bytes] = {
        "archguard.toml": "extend = 'b.toml'",
        "b.toml": "extend = 'archguard.toml'",
    }
    with pytest.raises(ConfigError, match="a circle"):
        load_settings(reading(files))


def test_all_and_none_are_short_for_lists_of_engines() -> None:
    assert load("engines = 'all'").engines == load("engines = ['all']").engines == ("all",)
    assert load("engines = 'none'").engines == ()


KEYS = st.sampled_from(
    [
        "src",
        "exclude",
        "select",
        "fail-on",
        "layers",
        "expected-load",
        "limits",
        "limits.chain",
        "blocking",
        "clients",
        "report",
        "report.title",
        "engines",
        "per-path",
        "extend",
        "require-reason",
        "plans",
        "ignore",
        '"a b"',
        "''",
    ]
)
SCALARS = (
    st.booleans().map(lambda value: str(value).lower())
    | st.integers().map(str)
    | st.sampled_from(
        ["1e400", "nan", "-inf", "1979-05-27T07:32:00Z", "07:32:00", "1979-05-27", "0.5", "-0.0"]
    )
    | st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc"], exclude_characters="'")).map(
        lambda text: f"'{text}'"
    )
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]")
        | st.dictionaries(
            st.sampled_from(["call", "kind", "glob", "ignore", "x", '"a.b"']), inner, max_size=3
        ).map(lambda table: "{" + ", ".join(f"{key} = {value}" for key, value in table.items()) + "}")
    ),
    max_leaves=6,
)


@given(st.lists(st.tuples(KEYS, VALUES), max_size=4))
def test_any_value_under_any_key_gives_settings_or_one_clear_error(entries: list[tuple[str, str]]) -> None:
    text = "".join(f"{key} = {value}\n" for key, value in entries)
    found = outcome("archguard.toml", text)
    if isinstance(found, ConfigError):
        assert "\n" not in str(found)
        assert 0 <= found.line <= len(entries) + 1


@given(st.binary(max_size=200) | st.text(max_size=200))
def test_any_bytes_give_settings_or_one_clear_error(content: str | bytes) -> None:
    assert "\n" not in str(outcome("archguard.toml", content))


def test_deep_nesting_is_an_error_like_any_other() -> None:
    assert "nested too deeply" in error("src = " + "[" * 20000).message
