"""Circles of imports: what is in one, where it is cut, and what fails."""

from __future__ import annotations

from archguard.model.circles import Circle
from tests.support.programs import program_of


def _circles(files: dict[str, str]) -> tuple[Circle, ...]:
    return program_of(files).derived.circles.get()


def test_the_cut_is_the_pair_of_modules_that_leaves_the_least_behind() -> None:
    """Without a -> b only b and c are left in a circle; without c -> a all three would be."""
    (circle,) = _circles(
        {"a.py": "import b\n", "b.py": "import a\nimport c\n", "c.py": "import b\nimport a\n"}
    )
    assert [module.name for module in circle.modules] == ["a", "b", "c"]
    (cut,) = circle.cut.imports
    assert (cut.importer.name, cut.imported.name) == ("a", "b")
    assert circle.cut.leaves == 2


def test_imports_in_functions_close_a_circle_of_their_own_kind() -> None:
    (circle,) = _circles({"a.py": "import b\n", "b.py": "def f():\n    import a\n"})
    assert [(each.importer.name, each.deferred) for each in circle.late] == [("b", True)]
    assert [each.importer.name for each in circle.way] == ["b", "a"]
    assert circle.failure is None


def test_a_module_that_is_in_an_early_circle_is_in_no_late_one() -> None:
    circles = _circles(
        {"a.py": "import b\n", "b.py": "import a\ndef f():\n    import c\n", "c.py": "import b\n"}
    )
    assert [[module.name for module in circle.modules] for circle in circles] == [["a", "b"]]


def test_the_failure_names_the_module_that_cannot_come_first() -> None:
    (circle,) = _circles({"a.py": "from b import B\nA = 1\n", "b.py": "from a import A\nB = 1\n"})
    assert circle.failure is not None
    assert (circle.failure.first.name, circle.failure.at.importer.name) == ("a", "b")
