"""archguard: a senior architect's review of a Python backend service, on every commit."""

from __future__ import annotations

__version__ = "0.1.0"
