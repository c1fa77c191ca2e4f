"""What was named on the command line, as part of what was analysed."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from archguard.model.run import Triaged


def in_named(findings: tuple[Triaged, ...], named: Collection[str]) -> tuple[Triaged, ...]:
    """What stands in the named files and folders, or passes through them; without any, everything."""
    if not named:
        return findings
    return tuple(item for item in findings if any(within(path, named) for path in _paths(item)))


def within(path: str, named: Collection[str]) -> bool:
    """Whether a path is one of those named, or below one."""
    return path in named or "." in named or any(path.startswith(f"{each}/") for each in named)


def _paths(item: Triaged) -> Iterator[str]:
    finding = item.finding
    yield finding.span.path
    for member in finding.members:
        yield member.span.path
        yield from (hop.span.path for hop in member.chain)
