"""Which file an import means."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from archguard.knowledge import load
from archguard.model.policy import Policy
from tests.support.programs import program_of

FAR = {
    "deploy/shared/code/__init__.py": "",
    "deploy/shared/code/money/__init__.py": "",
    "deploy/shared/code/money/rates.py": "def rate():\n    return 1\n",
    "app/main.py": "from money.rates import rate\n\n\ndef run():\n    return rate()\n",
}


def callees(src: tuple[str, ...]) -> set[str]:
    program = program_of(FAR, Policy(knowledge=load(), src=src))
    found = program.edges_from(program.functions["app.main.run"])
    return {edge.callee.qualname for edge in found if edge.callee}


def test_a_folder_of_the_configuration_is_on_the_path_of_every_module() -> None:
    assert "money.rates.rate" not in callees(())
    assert callees(("deploy/shared/code",)) == {"money.rates.rate"}


_PART = st.sampled_from(("a", "b", "src", "tests"))
_PATHS = st.sets(st.lists(_PART, min_size=1, max_size=4).map("/".join), min_size=1, max_size=12)


@given(modules=_PATHS, packages=_PATHS)
def test_every_file_is_a_module_of_its_own_whatever_the_names(modules: set[str], packages: set[str]) -> None:
    files = {f"{path}.py": "import a\n" for path in modules}
    files |= {f"{path}/__init__.py": "from . import b\n" for path in packages}
    program = program_of(files)
    assert {module.path for module in program.modules.values()} == set(files)
    assert all(name == module.name for name, module in program.modules.items())
