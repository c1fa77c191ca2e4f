"""Settings that nothing reads: a rule that is planned, a name that no rule has."""

from __future__ import annotations

from collections.abc import Iterator

from archguard.config.policy import without_effect
from archguard.config.settings import Settings
from archguard.model.run import Failure
from archguard.triage.selectors import strangers


def idle_settings(settings: Settings) -> Iterator[Failure]:
    """One note for each setting that has no effect in this version."""
    for key in without_effect(settings):
        yield Failure("setting", key, "no rule of this version reads it", fatal=False)
    ignored = (word for entry in settings.per_path for word in entry.ignore)
    for word in strangers((*settings.select, *settings.ignore, *ignored)):
        yield Failure("setting", word, "no rule of this version is called so", fatal=False)
