from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from rich.cells import cell_len

from archguard.model.finding import Confidence, Finding, Fix, Hop, Member, Severity
from archguard.model.place import WHOLE_FILE, Place, Span
from archguard.model.run import Commit, Failure, Run, Stats, Triaged
from archguard.output.console import render
from tests.output.sample_run import RULES, sample_run, span

ROUTES, QUOTES = "app/routes/quotes.py", "app/services/quotes.py"


def run_of(*items: Triaged, since: str = "", fixed: int = 0, failures: tuple[Failure, ...] = ()) -> Run:
    stats = Stats(120, 25_000, 118, 900, 5_000, 4_600)
    return Run("", "1", Commit(), RULES, items, stats=stats, since=since, fixed=fixed, failures=failures)


def triaged(line: str, place: Place, message: str = "waits", **changes: object) -> Triaged:
    found = Finding("AG0901", "key", Span("app/a.py", place), message, Severity.HIGH)
    item = Triaged(found, "", "0" * 32, excerpt=(line,), excerpt_line=place.line)
    return replace(item, **changes)


def text(*items: Triaged, width: int = 100) -> str:
    return render(run_of(*items), colour=False, width=width)


EXPECTED = """\
app/services/quotes.py:48:16  AG0901 blocking-call-in-async  high
  46 │ def latest(symbol: str) -> Quote:
  47 │     url = f"{settings.ticker_url}/quotes/{symbol}"
  48 │     response = requests.get(url)
     │                ^^^^^^^^^^^^ waits for the network on the event loop; every other request waits with it
  reached from 3 routes; the shortest way:
    GET /quotes/{symbol}           app/routes/quotes.py:22   async def get_quote
    → quote_service.latest(symbol) app/routes/quotes.py:25
    → requests.get(url)            app/services/quotes.py:48
  fix  app/routes/quotes.py:25  await asyncio.to_thread(quote_service.latest, symbol)
  also ruff S113: the call has no timeout

1 finding: 1 high
120 files, 25,000 lines; 92% of 5,000 calls resolved
"""


def example() -> Triaged:
    (item, *_) = sample_run().findings
    assert item.finding.fix is not None
    sink = Hop(span(QUOTES, 48, 16, 28), "requests.get(url)")
    chain = (
        Hop(span(ROUTES, 22), "async def get_quote"),
        Hop(span(ROUTES, 25), "quote_service.latest(symbol)"),
        sink,
    )
    members = (
        Member("a", "GET /quotes/{symbol}", span(ROUTES, 22), chain),
        Member("b", "GET /b", span(ROUTES, 22), (*chain, sink)),
        Member("c", "POST /c", span(ROUTES, 22), (*chain, sink)),
    )
    found = replace(
        item.finding,
        span=sink.span,
        message="waits for the network on the event loop; every other request waits with it",
        members=members,
        related=(),
        sources=("archguard", "ruff S113"),
        evidence=(("ruff S113", "the call has no timeout"),),
        fix=replace(item.finding.fix, edits=(replace(item.finding.fix.edits[0], span=span(ROUTES, 25)),)),
    )
    return replace(item, finding=found, novelty="unknown", new_members=())


def test_a_finding_looks_as_the_command_lines_page_says() -> None:
    assert text(example(), width=110) == EXPECTED


def test_colour_adds_nothing_but_colour() -> None:
    plain = render(sample_run(), colour=False, width=90)
    coloured = render(sample_run(), colour=True, width=90)
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == plain


def test_nothing_found_is_one_line() -> None:
    assert text() == "nothing found in 120 files, 25,000 lines; 92% of 5,000 calls resolved\n"


def test_what_failed_never_looks_like_clean() -> None:
    failures = (Failure("rule", "AG0302", "KeyError: 'routes'", fatal=True),)
    lines = render(run_of(failures=failures), colour=False, width=100).splitlines()
    assert lines[0].startswith("nothing found, but not everything ran")
    assert lines[1] == "! rule AG0302 failed: KeyError: 'routes'"


def test_compared_with_a_commit_only_what_is_new_is_shown() -> None:
    new = triaged("get()", Place(1, 1, 1, 4), novelty="new")
    known = triaged("old()", Place(2, 1, 2, 4), novelty="known")
    shown = render(run_of(new, known, since="main", fixed=2), colour=False, width=100)
    assert "get()" in shown
    assert "old()" not in shown
    assert "1 finding: 1 high · 1 new, 1 known, 2 fixed since main" in shown
    quiet = render(run_of(known, since="main"), colour=False, width=100)
    assert quiet.startswith(
        "nothing found in 120 files, 25,000 lines; 92% of 5,000 calls resolved; 1 known since main"
    )


def carets(shown: str) -> tuple[str, str]:
    """The line of code and the line under it, both without the gutter."""
    lines = shown.splitlines()
    number = next(n for n, line in enumerate(lines) if re.match(r" +│ *\^", line))
    return lines[number - 1].partition("│ ")[2], lines[number].partition("│ ")[2]


def underlined(shown: str) -> str:
    """The characters that stand over the carets, by columns of a terminal."""
    code, below = carets(shown)
    marks = below.partition(" waits")[0].rstrip()
    start, column, found = len(marks) - len(marks.lstrip()), 0, ""
    for character in code:
        if start <= column < len(marks):
            found += character
        column += cell_len(character)
    return found


@pytest.mark.parametrize(
    "line",
    [
        "    x = get(url)",
        "\tx = get(url)",
        "\t'ab'\t; get(url)",
        "名前 = get(url)",
        "x = '🎉', get(url)",
        "é\u0301 get(url)",
    ],
)
@pytest.mark.parametrize("width", [100, 40])
def test_the_carets_are_under_the_place(line: str, width: int) -> None:
    before = line[: line.index("get(")]
    column = len(before.encode("utf-16-le")) // 2 + 1
    assert underlined(text(triaged(line, Place(3, column, 3, column + 3)), width=width)) == "get"


def test_a_place_of_several_lines_is_underlined_to_the_end_of_its_first() -> None:
    assert underlined(text(triaged("x = get(  ", Place(3, 5, 9, 2)))) == "get("


def test_a_definition_is_underlined_up_to_its_name() -> None:
    assert underlined(text(triaged("    async def quote(x):", Place(3, 5, 3, 9)))) == "async def quote"


def test_a_long_line_is_cut_around_the_place() -> None:
    line = "x" * 500 + " = get(url)" + "y" * 500
    shown = text(triaged(line, Place(3, 504, 3, 507)))
    assert underlined(shown) == "get"
    assert max(map(cell_len, shown.splitlines())) <= 100


def test_a_place_that_is_a_whole_file_has_no_carets() -> None:
    shown = text(triaged("import os", WHOLE_FILE))
    assert "^" not in shown
    assert "waits" in shown


def test_a_finding_without_an_excerpt_has_its_message() -> None:
    shown = text(triaged("", Place(3, 1, 3, 2), excerpt=(), excerpt_line=0))
    assert shown.splitlines()[1] == "  waits"


def test_members_without_a_chain_are_places() -> None:
    members = tuple(Member(str(n), f"GET /{n}", span(ROUTES, n)) for n in range(1, 9))
    item = triaged("x", Place(1, 1, 1, 2))
    lines = text(replace(item, finding=replace(item.finding, members=members))).splitlines()
    assert lines[3:6] == ["  in 8 routes:", f"    GET /1 {ROUTES}:1", f"    GET /2 {ROUTES}:2"]
    assert "    and 3 more" in lines


def test_a_new_members_way_is_shown_rather_than_the_shortest() -> None:
    item = example()
    lines = text(replace(item, novelty="new", new_members=("c",))).splitlines()
    assert "  reached from 3 routes, 1 of them new; the new way:" in lines
    assert any(line.startswith("    POST /c") for line in lines)
    assert lines[0].endswith("high  new")


def test_low_confidence_is_said() -> None:
    item = triaged("x", Place(1, 1, 1, 2))
    shown = text(replace(item, finding=replace(item.finding, confidence=Confidence.LOW)))
    assert shown.splitlines()[0].endswith("high (low confidence)")


ANY = st.text(
    alphabet=st.one_of(
        st.sampled_from(
            "ab \t\n\r\x1b[31m\x07\x08\x7f\x9b\u202e\u2066\u200f\u2028\ud800\u061c\ufeff名🎉e\u0301"
        ),
        st.characters(),
    ),
    max_size=60,
)
NUMBERS = st.integers(1, 40)
RAW = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)


@st.composite
def anything(draw: st.DrawFn) -> Triaged:
    place = Place(draw(NUMBERS), draw(NUMBERS), draw(NUMBERS), draw(NUMBERS))
    hops = tuple(Hop(Span(draw(ANY), place), draw(ANY)) for _ in range(2))
    found = Finding(
        draw(ANY),
        draw(ANY),
        Span(draw(ANY), place),
        draw(ANY),
        Severity.LOW,
        members=(Member(draw(ANY), draw(ANY), hops[0].span, hops[: draw(st.integers(0, 2))]),),
        related=hops[1:],
        sources=(draw(ANY), draw(ANY)),
        evidence=((draw(ANY), draw(ANY)),),
        fix=Fix(draw(ANY), draw(ANY)),
    )
    lines = tuple(draw(st.lists(ANY, max_size=3)))
    return Triaged(found, "", "", "", lines, place.line - draw(st.integers(0, 2)))


@given(anything(), st.integers(20, 120))
def test_nothing_that_was_reviewed_can_steer_the_terminal(item: Triaged, width: int) -> None:
    run = run_of(item, failures=(Failure("file", item.finding.span.path, item.finding.message, False),))
    shown = render(run, colour=False, width=width)
    assert RAW.search(shown) is None
    shown.encode()
    assert render(run, colour=False, width=width) == shown


@given(anything(), st.integers(40, 120))
def test_carets_stay_under_the_code_and_lines_within_the_width(item: Triaged, width: int) -> None:
    found = replace(
        item.finding, fix=None, rule="R", span=replace_path(item.finding.span), members=(), related=()
    )
    shown = render(run_of(replace(item, finding=found)), colour=False, width=width)
    lines = shown.splitlines()
    assert max(map(cell_len, lines)) <= width
    for above, below in pairwise(lines):
        marks = re.match(r" +│ *\^+", below)
        if marks and re.match(r" *\d+ │", above):
            assert len(marks[0]) <= cell_len(above)


def replace_path(place: Span) -> Span:
    return Span("a.py", place.place)
