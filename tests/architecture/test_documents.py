"""What the documents say is so: commands, options, links, configuration, and the rule that teaches."""

from __future__ import annotations

import re
import shutil
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import click
import pytest

from archguard.cli.main import COMMANDS, cli
from archguard.config.settings import load_settings
from archguard.model.finding import Finding
from archguard.rules.pages import SECTIONS, sections
from tests.support.command_line import call
from tests.support.marks import marks_of
from tests.support.programs import program_of

TOP = Path(__file__).parents[2]
DOCUMENTS = [*sorted(TOP.glob("*.md")), *sorted((TOP / "docs").rglob("*.md"))]
every_document = pytest.mark.parametrize("path", [pytest.param(p, id=p.name) for p in DOCUMENTS])


def _blocks(path: Path, language: str) -> list[str]:
    """The code blocks of a language, with the indentation of their lists taken away."""
    pattern = re.compile(rf"^( *)```{language}\n(.*?)^\1```", re.MULTILINE | re.DOTALL)
    return [textwrap.dedent(match[2]) for match in pattern.finditer(path.read_text(encoding="utf-8"))]


@every_document
def test_every_link_inside_the_repository_leads_somewhere(path: Path) -> None:
    text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    links = re.findall(r"\]\((?!https?://|#)([^)#]+)(?:#[^)]*)?\)", text)
    assert [link for link in links if not (path.parent / link).exists()] == []


def _options() -> Iterator[str]:
    context = cli.make_context("archguard", ["rules"])
    for name in COMMANDS:
        command = cli.get_command(context, name)
        assert command is not None
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                yield from parameter.opts


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_every_command_and_option_that_is_named_exists(name: str) -> None:
    text = (TOP / name).read_text(encoding="utf-8")
    named = set(re.findall(r"\barchguard ([a-z]+)\b(?=[^`\n]*`)", text))
    assert named <= {*COMMANDS}
    ours = re.sub(r"^ *semgrep .*$", "", text, flags=re.MULTILINE)  # another tool's options
    assert set(re.findall(r"(?<=[ `])--[a-z][a-z-]+", ours)) - {*_options(), "--version", "--help"} == set()


@pytest.mark.parametrize("name", COMMANDS)
def test_the_readme_names_every_command(name: str) -> None:
    assert f"archguard {name}" in (TOP / "README.md").read_text(encoding="utf-8")


def test_the_finding_in_the_readme_is_what_scan_says(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    monkeypatch.chdir(shutil.copytree(TOP / "tests" / "projects" / "quotes", tmp_path / "quotes"))
    outcome = call(capfd, "scan", "--no-cache")
    assert outcome.status == 1
    assert outcome.out == _blocks(TOP / "README.md", "text")[0]


def test_the_configuration_in_the_readme_is_accepted() -> None:
    (block,) = _blocks(TOP / "README.md", "toml")
    settings = load_settings({"pyproject.toml": block.encode()}.__getitem__, "pyproject.toml")
    assert settings.fail_on == "medium"


def test_the_rule_in_contributing_is_a_rule_and_finds_what_its_example_marks() -> None:
    example, source = _blocks(TOP / "CONTRIBUTING.md", "python")
    module = ModuleType("nested_event_loop")
    sys.modules[module.__name__] = module
    try:
        exec(compile(source, "CONTRIBUTING.md", "exec"), module.__dict__)
        found = [f for f in module.check(program_of({"app.py": example})) if isinstance(f, Finding)]
    finally:
        del sys.modules[module.__name__]
    assert module.META.id == "AG0910"
    assert tuple(sections(module.__doc__ or "")) == SECTIONS
    assert [(f.span.line, f.rule) for f in found] == [(m.line, m.rule) for m in marks_of("app.py", example)]
