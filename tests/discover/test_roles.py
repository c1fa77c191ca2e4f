from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archguard.discover.roles import Roles, kind_of
from archguard.model.sources import FileKind

if TYPE_CHECKING:
    from archguard.model.sources import Role

PACKAGE = ("app/__init__.py", "app/main.py", "pyproject.toml")


@pytest.mark.parametrize(
    ("path", "role"),
    [
        ("app/main.py", "source"),
        ("app/testing_service.py", "source"),
        ("app/contest/models.py", "source"),
        ("app/latest.py", "source"),
        ("app/attests.py", "source"),
        ("app/vendor/models.py", "source"),
        ("app/vendors.py", "source"),
        ("app/docs/router.py", "source"),
        ("app/scripts/jobs.py", "source"),
        ("app/tools/search.py", "source"),
        ("app/demo/api.py", "source"),
        ("app/migration_service.py", "source"),
        ("app/services/migrations.py", "source"),
        ("app/generated_report.py", "source"),
        ("app/version.py", "source"),
        ("tests/test_a.py", "test"),
        ("tests/helpers/factory.py", "test"),
        ("app/tests/test_a.py", "test"),
        ("app/tests.py", "test"),
        ("app/conftest.py", "test"),
        ("Tests/a.py", "test"),
        ("integration_tests/a.py", "test"),
        ("load-testing/a.py", "test"),
        ("tests/migrations/0001_initial.py", "test"),
        ("app/migrations/0001_initial.py", "migration"),
        ("alembic/versions/abc_add.py", "migration"),
        ("alembic/env.py", "migration"),
        ("db/migrations/001_init.sql", "migration"),
        ("db/migrate/001_init.sql", "migration"),
        ("sql/V1__init.sql", "migration"),
        ("sql/report.sql", "source"),
        ("examples/a.py", "example"),
        ("docs/conf.py", "example"),
        ("app/data/sample_project/app.toml", "example"),
        ("app/data/sample_project/load.py", "source"),
        ("app/sampling/app.toml", "source"),
        ("scripts/load.py", "script"),
        ("scripts/lib/load.py", "script"),
        ("tools/load.py", "script"),
        ("test-scripts/a.py", "script"),
        ("setup.py", "script"),
        ("manage.py", "script"),
        ("vendor/lib/a.py", "vendored"),
        ("app/_vendor/lib/a.py", "vendored"),
        ("third_party/a.py", "vendored"),
        ("app/rpc/quotes_pb2.py", "generated"),
        ("app/rpc/quotes_pb2_grpc.py", "generated"),
        ("app/generated/client.py", "generated"),
    ],
)
def test_the_role_of_a_path(path: str, role: Role) -> None:
    assert Roles((*PACKAGE, path)).of(path) == role


def test_a_test_by_name_alone_is_looked_into() -> None:
    roles = Roles(PACKAGE)
    assert roles.ambiguous("app/test_result.py")
    assert not roles.ambiguous("tests/test_a.py")
    assert not roles.ambiguous("app/a.py")
    assert roles.of("app/test_result.py", b"class Result:\n    test_kind: str\n") == "source"
    assert roles.of("app/speed_test.py", b"async def measure():\n    ...\n") == "source"
    assert roles.of("app/test_result.py", b"import pytest\n") == "test"
    assert roles.of("app/test_result.py", b"def test_it():\n    pass\n") == "test"
    assert roles.of("app/test.py", b"class BaseTestCase(TestCase):\n    pass\n") == "test"


def test_a_folder_of_code_without_init_is_code_too() -> None:
    roles = Roles(("app/main.py", "app/scripts/jobs.py", "backend/manage.py", "backend/scripts/load.py"))
    assert roles.of("app/scripts/jobs.py") == "source"
    assert roles.of("backend/scripts/load.py") == "script"


def test_a_package_called_tools_is_code_and_a_folder_is_not() -> None:
    assert Roles(("agent.py", "tools/__init__.py", "tools/search.py")).of("tools/search.py") == "source"
    assert Roles(("agent.py", "tools/search.py")).of("tools/search.py") == "script"


def test_only_what_is_below_the_target_counts() -> None:
    paths = ("tests/projects/quotes/app/main.py", "tests/projects/quotes/tests/test_a.py")
    roles = Roles(paths, "tests/projects/quotes")
    assert [roles.of(path) for path in paths] == ["source", "test"]


@given(st.lists(st.text(max_size=12)), st.text(max_size=30))
def test_every_path_has_a_role_and_a_kind(paths: list[str], path: str) -> None:
    roles = Roles(paths)
    assert roles.of(path, b"") in {
        "source",
        "test",
        "example",
        "script",
        "generated",
        "vendored",
        "migration",
    }
    assert kind_of(path) in get_args(FileKind)


def test_alembic_is_known_by_its_shape_whatever_its_folder_is_called() -> None:
    base = "app/database/revisions/tenant"
    paths = (
        *PACKAGE,
        f"{base}/env.py",
        f"{base}/versions/2021_add.py",
        "app/api/versions/v1.py",
        "app/env.py",
    )
    roles = Roles(paths)
    assert roles.of(f"{base}/env.py") == "migration"
    assert roles.of(f"{base}/versions/2021_add.py") == "migration"
    assert roles.of(f"{base}/versions/helpers/dates.py") == "migration"
    assert roles.of("app/api/versions/v1.py") == "source"
    assert roles.of("app/env.py") == "source"
