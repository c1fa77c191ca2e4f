from __future__ import annotations

from msgspec.structs import replace

from archguard.assess.judge import assess
from archguard.model.finding import Severity
from archguard.model.inventory import Inventory, ServiceRow, TableRow
from archguard.model.run import Commit, Run
from archguard.output.report.document import Fold, Table, line
from archguard.output.report.markdown import render
from archguard.output.report.names import name_of
from archguard.output.report.plural import count_of, effort_of, first_sentence
from archguard.output.report.tables import MOST, OPEN, folded
from tests.assess.made_runs import finding, full_run, info, run_of, triaged


def test_a_column_in_which_no_row_says_anything_is_left_out() -> None:
    run = full_run()
    routes = tuple(replace(route, auth=(), status=0) for route in run.inventory.routes)
    text = _text(replace(run, inventory=replace(run.inventory, routes=routes)))
    assert "| Method | Path | Handler | Model |\n" in text
    assert "authenticates" not in text


def test_what_is_not_in_the_inventory_is_not_counted_as_none() -> None:
    run = full_run()
    inventory = replace(run.inventory, tables=(), clients=(), tasks=())
    text = _text(replace(run, inventory=inventory))
    assert "0 table" not in text
    assert "| Tables |" not in text


def test_long_tables_are_folded_and_very_long_ones_say_that_they_stop() -> None:
    rows = tuple((line(str(n)),) for n in range(MOST + 7))
    assert isinstance(folded(Table(("N",), rows[:OPEN]), "")[0], Table)
    (fold,) = folded(Table(("N",), rows), "many")
    assert isinstance(fold, Fold)
    assert len(fold.blocks) == 2


def test_gaps_are_told_once_though_run_and_inventory_have_them() -> None:
    run = full_run()
    stats = replace(
        run.stats, gaps={"unresolved-call:receiver is a parameter": 31, "unresolved:parameter": 4}
    )
    text = _text(replace(run, stats=stats))
    assert text.count("receiver is a parameter") == 1
    assert "comes in as a parameter of unknown type | 4 | annotate the parameter |" in text


def test_the_severities_of_a_mixed_recommendation_are_counted() -> None:
    found = [
        triaged(finding(line=n, severity=severity), f"{n:016x}")
        for n, severity in enumerate((Severity.HIGH, Severity.LOW, Severity.LOW), 1)
    ]
    assert "- **Priority**: high, 3 places (1 high, 2 low)\n" in _text(run_of(found, [info("AG0901")]))


def test_several_services_have_a_summary_with_the_worst_first() -> None:
    services = tuple(ServiceRow(name=name, root=f"services/{name}") for name in ("api", "worker"))
    found = replace(triaged(finding()), service="worker")
    run = replace(run_of([found], [info("AG0901")]), inventory=Inventory(services=services))
    assert "| worker | `services/worker` |  | 1 |  |  |\n| api | `services/api` |" in _text(run)


def test_a_report_is_named_after_the_repository_and_the_folder_that_was_reviewed() -> None:
    url = Commit(url="https://github.com/acme/quotes.git")
    part = replace(run_of(), commit=url, target="api", prefix="services/api")
    assert name_of(assess(part)) == "quotes, services/api"
    assert name_of(assess(replace(part, prefix=""))) == "quotes"
    assert name_of(assess(replace(run_of(), target="checkout"))) == "checkout"


def test_the_commands_to_repeat_it_name_the_folder_as_a_shell_takes_it() -> None:
    text = _text(replace(run_of(), prefix="a b;c"))
    assert "\narchguard review 'a b;c'\n" in text


def test_tables_are_drawn_with_their_references() -> None:
    tables = tuple(
        TableRow(file="m.py", line=1, name=name, origin="model", references=refs)
        for name, refs in (("user", ()), ("order", ("user", "elsewhere")))
    )
    text = _text(replace(run_of(), inventory=Inventory(tables=tables)))
    assert "erDiagram\n  user ||--o{ order : has\n" in text


def test_words_for_counts_and_efforts() -> None:
    assert (count_of(1, "module"), count_of(1200, "module")) == ("1 module", "1,200 modules")
    assert [effort_of(hours) for hours in ((0, 0), (1, 1.5), (2, 2), (16, 24))] == [
        "",
        "1–1.5 h",
        "2 h",
        "2–3 days",
    ]
    assert first_sentence("It waits. And more.\nStill more.") == "It waits."


def _text(run: Run) -> str:
    return render(assess(run))
