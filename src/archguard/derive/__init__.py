"""Effects and contexts: what many rules ask of the call graph."""

from __future__ import annotations
