"""Path templates are read as the frameworks read them."""

from __future__ import annotations

import pytest

from archguard.model.paths import placeholders, swallows


def names(path: str) -> list[str]:
    return [each.name for each in placeholders(path, "fastapi")]


def test_only_what_starlette_takes_for_a_placeholder_is_one() -> None:
    assert names("/a/{b}/{c:int}/x-{d}") == ["b", "c", "d"]
    assert names("/{a-b}/{ c }/{d: int}/{e!r}/{größe}/{f:ℂ}") == []


def test_flask_writes_them_in_angle_brackets() -> None:
    found = placeholders("/<int:year>/<any(a, b):kind>/<name>/{x}", "flask")
    assert [(each.name, each.converter) for each in found] == [
        ("year", "int"),
        ("kind", "any"),
        ("name", "string"),
    ]


@pytest.mark.parametrize(
    ("earlier", "later", "expected"),
    [
        ("/users/{id}", "/users/me", True),
        ("/users/{id}", "/users/{name}", True),
        ("/users/{id}", "/users/{id:int}", True),
        ("/users/{id:int}", "/users/me", False),
        ("/users/{id:int}", "/users/{id}", False),
        ("/users/{id:int}", "/users/7", True),
        ("/users/{id}", "/users/{id}/orders", False),
        ("/users/{rest:path}", "/users/{id}/orders", True),
        ("/users/{id}", "/users/{rest:path}", False),
        ("/users/{id}", "/users/", False),
        ("/users/{a}-{b}", "/users/{a}", False),
        ("/users/{id:mine}", "/users/me", False),
        ("/users/{id}", "/users/{id:mine}", False),
        ("/u.ers", "/users", False),
    ],
)
def test_a_path_swallows_another_where_it_matches_all_that_the_other_does(
    earlier: str, later: str, expected: bool
) -> None:
    assert swallows(earlier, later) is expected
