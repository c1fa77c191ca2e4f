"""`archguard explain RULE`: a rule's page."""

from __future__ import annotations

import sys

import click

from archguard.cli.options import Writing, format_option, writing


@click.command("explain", short_help="The page of one rule.")
@click.argument("rule")
@format_option("text", "markdown", "json")
@writing()
def command(rule: str, form: str, writing: Writing) -> int:
    """The page of RULE, an id (AG0901, "ruff S506") or a name (blocking-call-in-async)."""
    import msgspec

    from archguard.cli.terminal import has_colour
    from archguard.cli.writing import answer
    from archguard.engines.catalogue import explained
    from archguard.rules.catalogue import find
    from archguard.rules.pages import card

    info = explained(rule) or find(rule)
    if form == "json":
        answer(msgspec.json.format(msgspec.json.encode(info)), writing.output)
    elif form == "text" and writing.output is None and sys.stdout.isatty():
        _show(card(info), has_colour(sys.stdout))
    else:
        answer(card(info), writing.output)
    return 0


def _show(page: str, colour: bool) -> None:
    from rich.console import Console
    from rich.markdown import Markdown

    Console(no_color=not colour).print(Markdown(page))
