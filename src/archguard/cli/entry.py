"""The process around the command line: it does one thing and ends, and leaves the tidying to the system.

Looking for garbage while hundreds of modules are imported, and taking apart every object before the end,
are a fifth of a short run. What is open is closed by then: files are written in one step, processes are
waited for.
"""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress
from typing import NoReturn


def run() -> NoReturn:
    """Runs the command line and ends the process with its status."""
    gc.disable()
    from archguard.cli.main import main

    try:
        main()
    except SystemExit as end:
        _leave(end.code if isinstance(end.code, int) else 1)
    _leave(0)


def _leave(status: int) -> NoReturn:
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):  # whoever read it has gone
            stream.flush()
    os._exit(status)
