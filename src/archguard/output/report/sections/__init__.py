"""The nine sections of the report, a module each; each takes the assessment and gives blocks."""

from __future__ import annotations
