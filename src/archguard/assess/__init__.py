"""From a run to the architect's judgement."""

from __future__ import annotations
