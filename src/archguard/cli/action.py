"""`archguard action`: what the GitHub Action runs.

It leaves to the workflow what only a workflow can do: to fetch the commit to compare with, to upload the
SARIF file, and to end with the status that is handed on.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import replace as with_
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archguard.cli.options import Reading, Writing, reading, writing

if TYPE_CHECKING:
    from archguard.model.run import Run

FORK = "A pull request from a fork may not upload to code scanning, so the findings are annotations."
NEVER = "Nothing is uploaded to code scanning, for the input upload says so; the findings are annotations."


@click.command("action", short_help="What the GitHub Action runs.")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@click.option(
    "--upload",
    type=click.Choice(("auto", "always", "never")),
    default="auto",
    show_default=True,
    help="Whether the workflow uploads to code scanning; auto is not from forks.",
)
@click.option("--category", default="", help="What code scanning tracks the findings by.")
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="The report in markdown.")
@click.option(
    "--directory",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("archguard-out"),
    show_default=True,
    help="Where the files go.",
)
@reading(engines="native")
@writing()
def command(
    *,
    paths: tuple[Path, ...],
    upload: str,
    category: str,
    report: Path | None,
    directory: Path,
    reading: Reading,
    writing: Writing,
) -> int:
    """What the GitHub Action runs: a review, with everything that the other steps of a job need.

    Writes the SARIF file (what is precise enough for code scanning), the report and the sidecar; appends to
    GITHUB_STEP_SUMMARY and GITHUB_OUTPUT. The output ``status`` is the exit status to end the job with once
    everything is uploaded; its own is 0 unless the call is wrong.
    """
    from msgspec.structs import replace

    from archguard.cli.status import status_of

    fork = from_fork(_event(os.environ.get("GITHUB_EVENT_PATH", "")))
    reason = NEVER if upload == "never" else FORK if fork and upload == "auto" else ""
    whole, shown = _reviewed(paths, reading, writing, fork=fork)
    outputs = _written(directory, report, replace(whole, category=category), shown, reason)
    if reason:
        click.echo(Path(outputs["annotations"]).read_text(encoding="utf-8"), nl=False)
        click.echo(f"::notice title=archguard::{reason}")
    outputs |= {
        "new": str(len(shown.findings)) if reading.since else "",
        "upload": "false" if reason else "true",
        "status": str(int(status_of(shown, reading.fail_on))),
    }
    _append("GITHUB_OUTPUT", "".join(f"{name}={value}\n" for name, value in outputs.items()))
    return 0


def from_fork(event: Mapping[str, object]) -> bool:
    """Whether it is a pull request whose commits are another repository's, or those of one that is gone."""
    request = event.get("pull_request")
    return isinstance(request, dict) and _repository(request, "head") != _repository(request, "base")


def _repository(request: Mapping[str, object], side: str) -> object:
    found = request.get(side)
    repository = found.get("repo") if isinstance(found, dict) else None
    return repository.get("id") if isinstance(repository, dict) else None


def _event(path: str) -> Mapping[str, object]:
    """The event that started the workflow; nothing outside of one."""
    if not path:
        return {}
    try:
        event = json.loads(Path(path).read_bytes())
    except (OSError, ValueError):
        raise click.UsageError(f"GITHUB_EVENT_PATH leads to no event: {path}") from None
    return event if isinstance(event, dict) else {}


def _reviewed(paths: tuple[Path, ...], reading: Reading, writing: Writing, *, fork: bool) -> tuple[Run, Run]:
    """The whole run, and what of it people are shown: alerts, and against a commit what is new.

    A fork's pull request is reviewed with the configuration of its base: its own could silence anything.
    """
    from msgspec.structs import replace

    from archguard.cli.asking import request_of, run_of, target_of
    from archguard.output.surfaces import alerts

    target, files = target_of(paths)
    base = (reading.since or "") if fork else ""
    whole = replace(request_of(target, files, with_(reading, since=None)), configured_by=base)
    run = run_of(whole, writing)
    if reading.since is None:
        return run, alerts(run)
    return run, alerts(run_of(replace(whole, since=reading.since), with_(writing, quiet=True)))


def _written(folder: Path, report: Path | None, whole: Run, shown: Run, reason: str) -> dict[str, str]:
    """Writes the files and the summary; the outputs that name them, and the grade."""
    from msgspec.structs import replace

    from archguard.assess.judge import assess
    from archguard.cli.outputs import encoded, repeatable, way_back
    from archguard.cli.writing import write_file
    from archguard.output.annotations import render as annotations
    from archguard.output.report.job_summary import render as summary
    from archguard.output.surfaces import alerts

    assessment = assess(repeatable(whole))
    files = {
        "sarif": folder / "results.sarif",
        "report": report or folder / "report.md",
        "annotations": folder / "annotations.txt",
    }
    uploaded = replace(assessment, run=alerts(assessment.run))
    write_file(files["sarif"], encoded(uploaded, "sarif", ""))
    write_file(folder / "archguard.json", encoded(assessment, "sidecar", ""))
    write_file(files["report"], encoded(assessment, "markdown", way_back(files["report"], Path("."))))
    write_file(files["annotations"], annotations(shown).encode())
    _append("GITHUB_STEP_SUMMARY", summary(assessment, shown, reason))
    return {name: str(path.resolve()) for name, path in files.items()} | {"grade": assessment.grade or ""}


def _append(variable: str, text: str) -> None:
    """Appends to a file that the runner names; outside of a runner there is none."""
    if path := os.environ.get(variable):
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(text)
