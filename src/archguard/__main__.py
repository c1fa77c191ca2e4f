"""``python -m archguard``."""

from __future__ import annotations

from archguard.cli.entry import run

if __name__ == "__main__":
    run()
