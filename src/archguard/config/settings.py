"""``[tool.archguard]`` in pyproject.toml, or archguard.toml: read as data, checked, typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Literal

import msgspec

from archguard.model.finding import Severity
from archguard.model.policy import BlockingKind

Read = Callable[[str], bytes]
"""The bytes of a file by its path from the snapshot's top; raises FileNotFoundError."""

Count = Annotated[int, msgspec.Meta(ge=1, le=1_000_000_000)]
Engine = Literal["native", "semgrep", "bandit", "ruff", "detect-secrets", "squawk", "all"]
FailOn = Literal["critical", "high", "medium", "low", "never"]
ENGINES: tuple[Engine, ...] = ("native", "semgrep", "bandit", "ruff", "detect-secrets", "squawk")


class Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """A table whose keys are known; others are mistakes."""


class LimitSettings(Table, frozen=True):
    """Where linking and deriving stop (see `model.policy.Limits`)."""

    chain: Count | None = None
    dispatch: Count | None = None
    union: Count | None = None
    depth: Count | None = None


class BlockingEntry(Table, frozen=True):
    """A call of the project's own that keeps its thread waiting."""

    call: str
    kind: BlockingKind
    instead: str = ""


class ClientEntry(Table, frozen=True):
    """A client call of the project's own and how it comes by its timeout.

    ``default`` are the seconds that apply when nothing is given; without it the call waits for ever.
    """

    call: str
    parameters: tuple[str, ...] = ("timeout",)
    position: Annotated[int, msgspec.Meta(ge=-1, le=100)] = -1
    default: Annotated[float, msgspec.Meta(ge=0)] | None = None
    holder: str = ""


class PerPath(Table, frozen=True):
    """What differs for the paths that match a glob."""

    glob: str
    ignore: tuple[str, ...] = ()


class ReportSettings(Table, frozen=True):
    """How `review` writes: the report's title, and the folder for its files."""

    title: str = ""
    directory: str = "archguard-out"


class Settings(Table, frozen=True):
    """The whole configuration. Globs and paths are relative to the snapshot's top.

    ``engines`` are those that `review` runs; None: every one that is there.
    """

    src: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: FailOn = "high"
    layers: tuple[str, ...] = ()
    expected_load: Mapping[str, Count] = {}
    limits: LimitSettings = LimitSettings()
    blocking: tuple[BlockingEntry, ...] = ()
    clients: tuple[ClientEntry, ...] = ()
    plans: tuple[str, ...] = ()
    report: ReportSettings = ReportSettings()
    engines: tuple[Engine, ...] | None = None
    per_path: tuple[PerPath, ...] = ()
    extend: str = ""
    require_reason: bool = False

    @property
    def threshold(self) -> Severity | None:
        """The severity from which findings change the exit status; None for ``never``."""
        return None if self.fail_on == "never" else Severity[self.fail_on.upper()]


class ConfigError(Exception):
    """The configuration is wrong: which file, which line (0: the file as a whole), and what."""

    def __init__(self, path: str, line: int, message: str) -> None:
        super().__init__(f"{path}:{line}: {message}" if line else f"{path}: {message}")
        self.path = path
        self.line = line
        self.message = message


def load_settings(read: Read, explicit: str | None = None, target: str = "") -> Settings:
    """The configuration of a snapshot, whose files ``read`` gives; the defaults where there is none.

    ``explicit`` is the file named on the command line. Otherwise the nearest to ``target`` counts, from
    its folder up to the top: archguard.toml before pyproject.toml.
    """
    from archguard.config.load import load_file, nearest

    found = load_file(read, explicit, required=True) if explicit else nearest(read, target)
    return Settings() if found is None else found
