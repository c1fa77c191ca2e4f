"""What a circle's finding says: which order fails, and which import to move."""

from __future__ import annotations

from archguard.model.finding import Finding, Severity
from archguard.rules.structure.circular_import import check
from tests.support.programs import program_of


def _only(files: dict[str, str]) -> Finding:
    findings = list(check(program_of(files)))
    assert len(findings) == 1
    return findings[0]


def test_the_message_names_the_module_that_cannot_come_first() -> None:
    finding = _only(
        {
            "a.py": "from b import B\nclass A: pass\n",
            "b.py": "from a import A\nclass B(A): pass\n",
        }
    )
    assert finding.severity == Severity.HIGH
    assert "Importing a first fails: a does not have A yet when b asks for it." in finding.message
    assert finding.key == "a b"


def test_a_name_that_is_bound_before_the_circle_closes_does_not_fail() -> None:
    finding = _only(
        {
            "a.py": "class A: pass\nfrom b import B\nb = B\n",
            "b.py": "class B: pass\nfrom a import A\na = A\n",
        }
    )
    assert finding.severity == Severity.MEDIUM


def test_the_cheapest_import_is_the_one_that_only_functions_use() -> None:
    finding = _only(
        {
            "a.py": "import b\nclass A(b.Base): pass\n",
            "b.py": "import a\nclass Base: pass\ndef make():\n    return a.A()\n",
        }
    )
    assert ("cheapest import to move", "b → a (b.py:1)") in finding.evidence
    assert finding.span.path == "b.py"
    assert finding.fix is not None
    assert "it can move into the functions that do" in finding.fix.description


def test_an_import_for_its_effect_is_not_said_to_be_unused() -> None:
    finding = _only(
        {
            "server.py": "class App: pass\napp = App()\nimport handlers\n",
            "handlers.py": "import server\n@server.app.on\ndef handle(): pass\n",
        }
    )
    assert finding.fix is not None
    assert "it matters while the module is imported" in finding.fix.description


def test_one_finding_holds_a_whole_component_with_its_imports_as_members() -> None:
    finding = _only({"a.py": "import b\n", "b.py": "import c\nimport a\n", "c.py": "import a\n"})
    assert [member.key for member in finding.members] == ["a -> b", "b -> a", "b -> c", "c -> a"]
    assert finding.key == "a b c"


def test_the_package_runs_before_its_modules() -> None:
    """In every order shop/__init__ comes first and defines what the module asks it for."""
    files = {
        "shop/__init__.py": "class Base: pass\nfrom shop.items import Item\n",
        "shop/items.py": "from shop import Base\nclass Item(Base): pass\n",
    }
    assert list(check(program_of(files))) == []


def test_an_import_for_the_script_only_closes_no_circle() -> None:
    files = {
        "engine.py": "class Result: pass\nif __name__ == '__main__':\n    from flows import run\n    run()\n",
        "flows.py": "from engine import Result\ndef run(): return Result()\n",
    }
    assert list(check(program_of(files))) == []
