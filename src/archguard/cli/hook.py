"""`archguard hook`: what a commit adds; the command behind the hooks for pre-commit and prek."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import click

from archguard.cli.options import Reading, Writing, hooking, writing


@click.command("hook", short_help="What a commit adds.")
@hooking()
@writing()
def command(*, reading: Reading, writing: Writing) -> int:
    """What a commit adds: findings of the rules in what is staged that HEAD does not have.

    Where pre-commit is told of a range (a push, or --from-ref and --to-ref), it is what that range adds.
    The whole repository is linked, whatever the commit touches: a change can make another file's line wrong.
    """
    from archguard.cli.asking import request_of, run_of, severe
    from archguard.cli.formats import rendered
    from archguard.cli.options import default_format
    from archguard.cli.status import status_of
    from archguard.cli.writing import answer

    here = Path(".")
    since, snapshot = _sides(here)
    request = request_of(here, (), replace(reading, since=since, snapshot=snapshot), inventory=False)
    shown = severe(run_of(request, writing), reading.severity)
    answer(rendered(shown, default_format(), writing.output, here), writing.output)
    return status_of(shown, reading.fail_on)


def _sides(here: Path) -> tuple[str | None, str]:
    """The commit to compare with (None: everything is new) and the snapshot that is asked about."""
    from archguard.discover.git import INDEX, resolve, top_of
    from archguard.discover.process import GitError

    first, last = os.environ.get("PRE_COMMIT_FROM_REF"), os.environ.get("PRE_COMMIT_TO_REF")
    if first and last:
        return first, last
    top = top_of(here.resolve())
    if top is None:
        raise click.UsageError("a hook needs a git repository, and there is none here")
    if os.environ.get("PRE_COMMIT_REMOTE_NAME"):
        return None, "HEAD"  # a first push: the remote has nothing to compare with
    try:
        resolve(top, "HEAD")
    except GitError:
        return None, INDEX  # the first commit
    return "HEAD", INDEX
