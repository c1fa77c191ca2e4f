from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from archguard.assess.judge import assess
from archguard.model.inventory import Inventory, ModuleRow, TaskRow
from archguard.model.run import Run
from archguard.output.report.diagrams import NODES, WORK, components_diagram, work_diagram
from archguard.output.report.mermaid import faults
from archguard.output.report.packages import components_of
from tests.assess.made_runs import run_of

PART = st.sampled_from(["api", "core", "db", "services", "a", "b", "c", "end"])
NAMES = st.lists(st.lists(PART, min_size=1, max_size=4).map(".".join), unique=True, max_size=60)


@given(NAMES, st.integers(8, 30))
def test_every_module_is_in_one_component_and_there_are_not_too_many(names: list[str], limit: int) -> None:
    parts = components_of([_module(name) for name in names], limit)
    assert sorted(m.name for group in parts.members.values() for m in group) == sorted(names)
    assert len(parts.members) <= limit


def test_a_large_package_is_opened_and_small_ones_stay_closed() -> None:
    names = [f"app.services.s{n}" for n in range(40)] + [f"app.models.m{n}" for n in range(3)] + ["app.main"]
    parts = components_of([_module(name) for name in names], 10)
    assert set(parts.members) == {"app.main", "app.models", "app.services"} or len(parts.members) <= 10
    assert len(parts.members["app.services"]) == 40


def test_a_diagram_of_a_large_service_stays_legible() -> None:
    names = [f"app.p{n % 50}.m{n}" for n in range(2000)]
    modules = tuple(_module(name, names[(number * 7) % 2000]) for number, name in enumerate(names))
    drawn = components_diagram(assess(_with(modules)))
    assert drawn.count("[") <= NODES
    assert list(faults(drawn.split("\n"))) == []


def test_work_beside_the_requests_is_drawn_by_how_it_runs() -> None:
    modules = (_module("app.main"), _module("app.jobs"))
    tasks = tuple(
        TaskRow(file="app/main.py", line=n, kind=kind, function=f"app.jobs.{name}{n}")
        for kind, name in (("task", "t"), ("thread", "end"))
        for n in range(WORK + 3)
    )
    drawn = work_diagram(Inventory(modules=modules, tasks=tasks))
    assert list(faults(drawn.split("\n"))) == []
    assert 'subgraph k0["task"]' in drawn
    assert 'k1more("3 more")' in drawn
    assert work_diagram(Inventory(modules=modules)) == ""


def _with(modules: tuple[ModuleRow, ...]) -> Run:
    return replace(run_of(), inventory=Inventory(modules=modules))


def _module(name: str, *imports: str) -> ModuleRow:
    return ModuleRow(
        file=name.replace(".", "/") + ".py",
        line=1,
        name=name,
        role="source",
        lines=10,
        code_lines=8,
        functions=1,
        classes=0,
        imports=imports,
    )
