"""The entry: finds the command, runs it, and turns whatever happens into an exit status.

Nothing heavy is imported here: `archguard --version` and `archguard --help` cost what click costs.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import cast

import click

from archguard import __version__
from archguard.cli.status import Status

COMMANDS = {
    "scan": "Findings of the rules, for a terminal, a hook or a pull request.",
    "hook": "What a commit adds; for pre-commit and prek.",
    "action": "What the GitHub Action runs.",
    "review": "The whole review: SARIF, the report, the inventory, into archguard-out/.",
    "report": "The reassessment report from any tools' SARIF files.",
    "inventory": "What the service is made of: routes, tables, settings, clients, tasks, modules.",
    "explain": "The page of one rule.",
    "rules": "All rules.",
}


class LazyGroup(click.Group):
    """Commands that are imported when they are called; help needs none of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order in which people meet them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Imports one command."""
        if cmd_name not in COMMANDS:
            return None
        return cast("click.Command", import_module(f"archguard.cli.{cmd_name}").command)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Suggests the nearest command for one that is not there."""
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(name, COMMANDS, n=1)
            ctx.fail(f"no command {name!r}" + (f"; did you mean {near[0]}?" if near else ""))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="archguard", message="%(prog)s %(version)s")
def cli() -> None:
    """A senior architect's review of a Python backend service.

    Exit status: 0 nothing at or over --fail-on, 1 something is, 2 the call or the configuration is
    wrong, 3 something did not run (a rule, a file that was named), 130 interrupted.
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs the command line and exits."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        status = _run(given)
    except KeyboardInterrupt:
        status = _say("interrupted", Status.INTERRUPTED)
    except BrokenPipeError:
        status = Status.CLEAN  # only help and version get here; findings keep their status
    sys.exit(_flushed(status))


def _run(arguments: list[str]) -> int:
    try:
        result = cli.main(arguments, prog_name="archguard", standalone_mode=False)
    except click.Abort:
        return _say("interrupted", Status.INTERRUPTED)
    except click.ClickException as error:
        return _say(_usage(error), Status.WRONG_CALL)
    except (KeyboardInterrupt, BrokenPipeError):
        raise
    except Exception as error:
        if _debugging(arguments):
            raise
        return _failed(error)
    return result if isinstance(result, int) else Status.CLEAN


def _usage(error: click.ClickException) -> str:
    context = getattr(error, "ctx", None)
    message = error.format_message().rstrip(".")
    return f"{message} (see {context.command_path} --help)" if context else message


def _failed(error: Exception) -> int:
    """One line for an error, and the status that it means."""
    from archguard.cli.failing import is_wrong_call, one_line

    if is_wrong_call(error):
        return _say(one_line(error), Status.WRONG_CALL)
    name = type(error).__name__
    hint = "--verbose shows where"
    return _say(f"an error of archguard itself: {name}: {one_line(error)}; {hint}", Status.BROKEN)


def _debugging(arguments: list[str]) -> bool:
    return bool(os.environ.get("ARCHGUARD_DEBUG")) or bool({"-v", "--verbose"} & set(arguments))


def _say(message: str, status: Status) -> int:
    click.echo(f"archguard: {message}", err=True)
    return status


def _flushed(status: int) -> int:
    """Flushes stdout here, where a reader that has gone is no error any more."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return status
