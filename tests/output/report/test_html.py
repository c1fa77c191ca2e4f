from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser

from archguard.assess.judge import assess
from archguard.output.report.html import render
from tests.assess.made_runs import clean_run, full_run
from tests.output.report.hostile import hostile_run


class Page(HTMLParser):
    """Every start tag with its attributes, and which tags were closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in {"meta", "input", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_a_page_is_well_formed_and_loads_nothing() -> None:
    for run in (full_run(), clean_run(), hostile_run()):
        page = Page(render(assess(run)))
        assert page.open == []
        assert not [
            tag for tag, attributes in page.tags if "src" in attributes or tag in {"link", "img", "iframe"}
        ]


def test_hostile_code_brings_no_script_no_handler_and_no_script_address() -> None:
    page = Page(render(assess(hostile_run())))
    assert [tag for tag, _ in page.tags].count("script") == 1
    assert not [a for _, attributes in page.tags for a in attributes if a.startswith("on")]
    links = [attributes["href"] or "" for tag, attributes in page.tags if tag == "a" and "href" in attributes]
    assert {link.split("/")[0][:1] for link in links} <= {"#", "."}


def test_the_page_lets_only_its_own_style_and_script_through() -> None:
    text = render(assess(full_run()))
    for tag in ("style", "script"):
        content = re.search(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        assert content is not None
        digest = b64encode(sha256(content[1].encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in text


def test_every_finding_is_in_the_table_with_its_code() -> None:
    text = render(assess(full_run()))
    table = text[text.index('<table id="findings">') :]
    assert table.count("<tr data-severity=") == 3
    assert "requests.get(url)" in table


def test_the_place_of_a_finding_is_marked_in_its_code() -> None:
    assert '<tr class="marked"><td data-line="6"></td><td><code>    response' in render(assess(full_run()))


def test_the_navigation_names_every_section_and_area() -> None:
    text = render(assess(clean_run()))
    navigation = text[text.index("<nav") : text.index("</nav>")]
    assert navigation.count("<li>") == 9 + 10
