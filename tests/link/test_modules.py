"""Which file an import means."""

from __future__ import annotations

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
