"""The composition root: the stages as a list of calls."""

from __future__ import annotations
