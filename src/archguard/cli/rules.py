"""`archguard rules`: all rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import click

from archguard.cli.options import Writing, format_option, selecting, writing

if TYPE_CHECKING:
    from archguard.model.rule import RuleInfo


@click.command("rules", short_help="All rules.")
@format_option("text", "json", "markdown")
@selecting()
@click.option(
    "--surface",
    type=click.Choice(("alert", "report")),
    default="report",
    help="alert: only the rules that speak in hooks and pull requests.",
)
@writing()
def command(
    form: str,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    surface: Literal["alert", "report"],
    writing: Writing,
) -> int:
    """All rules: id, name, severity, surface, and what each finds."""
    import msgspec

    from archguard.cli.writing import answer
    from archguard.rules.catalogue import choose
    from archguard.rules.pages import overview

    infos = choose(select, ignore, surface)
    if form == "json":
        answer(msgspec.json.format(msgspec.json.encode(infos)), writing.output)
    else:
        answer(overview(infos) if form == "markdown" else _table(infos), writing.output)
    return 0


def _table(infos: tuple[RuleInfo, ...]) -> str:
    longest = max((len(info.name) for info in infos), default=0)
    return "\n".join(
        f"{i.id}  {i.name:<{longest}}  {i.meta.severity!s:<8}  {i.meta.surface:<6}  {i.title}" for i in infos
    )
