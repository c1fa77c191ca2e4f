"""``python -m archguard``."""

from __future__ import annotations

from archguard.cli.main import main

if __name__ == "__main__":
    main()
