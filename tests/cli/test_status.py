"""The exit status: findings win over what did not run, and never means never."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from archguard.cli.status import Status, status_of
from archguard.model.finding import Finding, Severity
from archguard.model.place import Place, Span
from archguard.model.run import Commit, Failure, Run, Triaged

FATAL = Failure("rule", "AG0901", "it crashed", fatal=True)
COUNTED = Failure("file", "a.py", "it does not parse", fatal=False)


def _run(*severities: Severity, failures: tuple[Failure, ...] = ()) -> Run:
    findings = tuple(
        Triaged(Finding("AG0901", "k", Span("a.py", Place(1, 1, 1, 2)), "m", severity), "", f"{number:x}")
        for number, severity in enumerate(severities)
    )
    return Run("", "0", Commit(), (), findings, failures=failures)


@pytest.mark.parametrize(
    ("run", "fail_on", "status"),
    [
        (_run(), None, Status.CLEAN),
        (_run(Severity.MEDIUM), None, Status.CLEAN),
        (_run(Severity.LOW, Severity.HIGH), None, Status.FINDINGS),
        (_run(Severity.MEDIUM), "medium", Status.FINDINGS),
        (_run(Severity.CRITICAL), "never", Status.CLEAN),
        (_run(failures=(COUNTED,)), None, Status.CLEAN),
        (_run(failures=(COUNTED, FATAL)), None, Status.BROKEN),
        (_run(Severity.HIGH, failures=(FATAL,)), None, Status.FINDINGS),
        (_run(Severity.HIGH, failures=(FATAL,)), "never", Status.BROKEN),
    ],
)
def test_status(run: Run, fail_on: str | None, status: Status) -> None:
    assert status_of(run, fail_on) is status


def test_the_configuration_s_threshold_holds_without_the_option() -> None:
    assert status_of(replace(_run(Severity.LOW), fail_on=Severity.LOW), None) is Status.FINDINGS
    assert status_of(replace(_run(Severity.CRITICAL), fail_on=None), None) is Status.CLEAN
    assert status_of(replace(_run(Severity.LOW), fail_on=Severity.LOW), "high") is Status.CLEAN
