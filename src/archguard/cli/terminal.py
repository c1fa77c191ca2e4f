"""What a terminal can do, and the sign that work goes on."""

from __future__ import annotations

import os
import shutil
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

PATIENCE = 1.0
"""Seconds before a terminal is told that something is going on."""


def has_colour(stream: TextIO) -> bool:
    """Colour on a terminal, unless ``NO_COLOR`` is set; anywhere where ``FORCE_COLOR`` is."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def width() -> int:
    """The columns that text may take; the same everywhere where nobody looks."""
    return min(shutil.get_terminal_size((100, 24)).columns, 140) if sys.stdout.isatty() else 100


def shows_progress(quiet: bool) -> bool:
    """Whether somebody sits there and wants to know."""
    return not quiet and sys.stderr.isatty() and not os.environ.get("CI")


@contextmanager
def waiting(doing: str, quiet: bool) -> Iterator[None]:
    """Shows on a terminal what is being done and for how long, once it takes over a second."""
    if not shows_progress(quiet):
        yield
        return
    over = threading.Event()
    thread = threading.Thread(target=_tick, args=(doing, over), daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _tick(doing: str, over: threading.Event) -> None:
    begun, shown, bar = time.monotonic(), False, 0
    pause = PATIENCE
    while not over.wait(pause):
        pause, shown, bar = 0.1, True, (bar + 1) % 20
        ahead = "·" * bar + "━━━" + "·" * (19 - bar)
        sys.stderr.write(f"\r\x1b[K{ahead} {doing} {time.monotonic() - begun:.0f} s")
        sys.stderr.flush()
    if shown:
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()
