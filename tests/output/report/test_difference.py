from __future__ import annotations

from msgspec.structs import replace

from archguard.model.finding import Edit, Fix
from archguard.model.place import Place, Span
from archguard.model.run import Triaged
from archguard.output.report.difference import difference
from tests.assess.made_runs import QUOTES, finding, triaged

PATH = "app/services/quotes.py"


def test_columns_count_utf16_units() -> None:
    assert difference(_with(('x = "😀" + y',), Place(6, 12, 6, 13))) == '-x = "😀" + y\n+x = "😀" + z'


def test_an_edit_outside_the_excerpt_gives_no_diff() -> None:
    assert difference(_with(("x = y",), Place(60, 5, 60, 6))) == ""


def test_an_edit_beyond_the_end_of_its_line_gives_no_diff() -> None:
    assert difference(_with(("x",), Place(6, 5, 6, 6))) == ""


def test_an_edit_of_another_file_gives_no_diff() -> None:
    assert difference(_with(("x = y",), Place(6, 5, 6, 6), "app/other.py")) == ""


def test_edits_are_applied_together() -> None:
    edits = (
        Edit(Span(PATH, Place(6, 16, 6, 24)), "httpx"),
        Edit(Span(PATH, Place(6, 32, 6, 33)), ", timeout=5)"),
    )
    made = triaged(finding(fix=Fix("Use httpx.", "", edits)), source=QUOTES)
    assert "+    response = httpx.get(url, timeout=5)" in difference(made)


def _with(lines: tuple[str, ...], place: Place, path: str = PATH) -> Triaged:
    made = triaged(finding(fix=Fix("Use z.", "", (Edit(Span(path, place), "z"),))))
    return replace(made, excerpt=lines, excerpt_line=6)
