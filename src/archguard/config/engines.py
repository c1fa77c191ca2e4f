"""Which engines run: by the command line, else by the configuration, else all that are there."""

from __future__ import annotations

from collections.abc import Collection

from archguard.config.settings import ENGINES


def asked(stated: Collection[str] | None, configured: Collection[str] | None) -> tuple[bool, dict[str, bool]]:
    """Whether archguard's own rules run; and each other engine, with whether it was asked for by name.

    One that is named has to be there; ``all`` names none.
    """
    names = stated if stated is not None else configured if configured is not None else ("all",)
    wanted = ENGINES if "all" in names else tuple(name for name in ENGINES if name in names)
    return "native" in wanted, {name: name in names for name in wanted if name != "native"}
