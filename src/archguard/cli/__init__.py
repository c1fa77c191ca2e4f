"""One file for each command: arguments, exit status, writing what output returns."""

from __future__ import annotations
