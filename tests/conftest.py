"""What holds for every test: on CI a skipped test is a failed one, for nobody reads why it was skipped."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

# On CI the same code is tested with the same examples, so that a change is never blamed for chance;
# whoever works on the code draws new ones at every run.
settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("dev", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "dev")


def _skipped(config: pytest.Config) -> list[pytest.TestReport]:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    return list(reporter.stats.get("skipped", [])) if reporter else []


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Turns a green run with skips into a red one where CI is set."""
    if os.environ.get("CI") and _skipped(session.config) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Says so."""
    skipped = _skipped(config)
    if os.environ.get("CI") and skipped:
        terminalreporter.line(f"CI is set, so {len(skipped)} skipped tests count as failed:")
        for report in skipped:
            terminalreporter.line(f"  {report.nodeid}: {report.longreprtext.splitlines()[-1:]}")
