"""The options that mean the same in every command, declared once."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Literal

import click

Command = Callable[..., int]
Decorator = Callable[[Command], Command]
Format = Literal["text", "json", "sarif", "github", "markdown"]

FORMATS = ("text", "json", "sarif", "github", "markdown")
SEVERITIES = ("critical", "high", "medium", "low")
ENGINES = ("native", "semgrep", "bandit", "ruff", "detect-secrets", "squawk")


@dataclass(frozen=True, slots=True)
class Reading:
    """What is read and looked for."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: str = "low"
    fail_on: str | None = None
    surface: Literal["alert", "report"] = "report"
    engines: tuple[str, ...] | None = ("native",)
    since: str | None = None
    snapshot: str = "worktree"
    config: str | None = None
    jobs: int | None = None
    cache_dir: Path | None = None
    no_cache: bool = False


@dataclass(frozen=True, slots=True)
class Writing:
    """Where the answer goes, and how much is said beside it."""

    output: Path | None = None
    quiet: bool = False
    verbose: bool = False


def reading(surface: Literal["alert", "report"] = "report", engines: str | None = None) -> Decorator:
    """Adds the options of `Reading`; the command takes ``reading``. The defaults differ.

    Without ``engines`` the configuration says which ones run, and without a configuration all do.
    """
    return _collect("reading", Reading, [*_selecting(surface, engines), *_snapshots(), *_machine()])


def hooking() -> Decorator:
    """All of `Reading` but which source is read: a hook knows that; the command takes ``reading``."""
    return _collect("reading", Reading, [*_selecting("alert", "native"), _config(), *_machine()])


def snapshots() -> Decorator:
    """Only what says which source is read; the command takes ``reading`` all the same."""
    return _collect("reading", Reading, [*_snapshots(), *_machine()])


def machine() -> Decorator:
    """Only how the analysis runs; the command takes ``reading`` all the same."""
    return _collect("reading", Reading, [_config(), *_machine()])


def writing() -> Decorator:
    """Adds the options of `Writing`; the command takes ``writing``."""
    return _collect("writing", Writing, _writing())


def selecting() -> Decorator:
    """``--select`` and ``--ignore``, the command takes them as they are."""

    def decorate(command: Command) -> Command:
        for option in reversed(_rules()):
            command = option(command)
        return command

    return decorate


def format_option(*formats: str, default: str | None = None) -> Decorator:
    """``--format``; the first is the default unless another is named."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(formats),
        default=default or formats[0],
        show_default=True,
        help="What is written.",
    )


def _collect(name: str, into: type[Reading] | type[Writing], options: list[Decorator]) -> Decorator:
    """A decorator that hands the values of some options on as one value."""

    def decorate(command: Command) -> Command:
        @functools.wraps(command)
        def collected(**given: object) -> int:
            taken = {field.name: given.pop(field.name) for field in fields(into) if field.name in given}
            return command(**{name: into(**taken)}, **given)  # type: ignore[arg-type]

        wrapped: Command = collected
        for option in reversed(options):
            wrapped = option(wrapped)
        return wrapped

    return decorate


def _words(_: click.Context, __: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word.strip() for text in value for word in text.split(",") if word.strip())


def _engines(context: click.Context, option: click.Parameter, value: str | None) -> tuple[str, ...] | None:
    """The engines that run. ``all`` means every one that is there, and so demands none."""
    if value is None:
        return None
    names = _words(context, option, (value,))
    for name in names:
        if name not in (*ENGINES, "all", "none"):
            raise click.BadParameter(
                f"no engine is called {name!r}; there are {', '.join(ENGINES)}, all, none"
            )
    return tuple(name for name in names if name != "none")


def _rules() -> list[Decorator]:
    return [
        click.option("--select", metavar="RULES", multiple=True, callback=_words,
                     help="Only these: ids, AG09 for all that begin so, names or areas, with commas."),
        click.option("--ignore", metavar="RULES", multiple=True, callback=_words, help="Not these."),
    ]  # fmt: skip


def _selecting(surface: str, engines: str | None) -> list[Decorator]:
    default = "the configuration's, else all"
    return [
        *_rules(),
        click.option("--severity", type=click.Choice(SEVERITIES), default="low",
                     help="Leave out what is less severe."),
        click.option("--fail-on", type=click.Choice((*SEVERITIES, "never")), default=None,
                     help="Exit status 1 from this severity on.  [default: the configuration's, else high]"),
        click.option("--surface", type=click.Choice(("alert", "report")), default=surface, show_default=True,
                     help="alert: rules proven precise; report: all."),
        click.option("--engines", metavar="NAMES", default=engines, callback=_engines,
                     help=f"Which engines look: {', '.join(ENGINES)}; all is every one that is there."
                     f"  [default: {engines or default}]"),
    ]  # fmt: skip


def _snapshots() -> list[Decorator]:
    return [
        click.option("--since", metavar="REF", default=None,
                     help="Only what is new against this commit; reads it from git, without a checkout."),
        click.option("--snapshot", metavar="WHAT", default="worktree", show_default=True,
                     help="What is read: worktree, index (what is staged) or a commit."),
        _config(),
    ]  # fmt: skip


def _config() -> Decorator:
    text = "The configuration, in place of archguard.toml or pyproject.toml."
    return click.option("--config", metavar="FILE", default=None, help=text)


def _machine() -> list[Decorator]:
    return [
        click.option("--jobs", type=click.IntRange(min=1), default=None, help="How many processes read."),
        click.option("--cache-dir", type=click.Path(file_okay=False, path_type=Path), default=None,
                     envvar="ARCHGUARD_CACHE_DIR", help="Where what was read is kept for the next time."),
        click.option("--no-cache", is_flag=True, help="Keep nothing, use nothing kept."),
    ]  # fmt: skip


def _writing() -> list[Decorator]:
    return [
        click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), default=None,
                     help="Write there and not to the terminal."),
        click.option("-q", "--quiet", is_flag=True, help="Say nothing beside the answer but errors."),
        click.option("-v", "--verbose", is_flag=True, help="Say more; errors with their traceback."),
    ]  # fmt: skip


def default_format() -> str:
    """Annotations where GitHub's runner reads them, else text."""
    return "github" if os.environ.get("GITHUB_ACTIONS") == "true" else "text"
