"""The exit status: what it means, and what of a run leads to which."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archguard.model.run import Run


class Status(IntEnum):
    """Exit statuses; hooks and workflows depend on them."""

    CLEAN = 0
    FINDINGS = 1
    WRONG_CALL = 2
    BROKEN = 3
    INTERRUPTED = 130


def status_of(run: Run, fail_on: str | None) -> Status:
    """Findings at or over the threshold win over what did not run.

    ``fail_on`` is the option; without it the run's own threshold holds, which the configuration set.
    """
    from archguard.model.finding import Severity

    threshold = run.fail_on
    if fail_on is not None:
        threshold = None if fail_on == "never" else Severity[fail_on.upper()]
    if threshold is not None and any(item.finding.severity >= threshold for item in run.findings):
        return Status.FINDINGS
    return Status.BROKEN if any(failure.fatal for failure in run.failures) else Status.CLEAN
