"""The reassessment report: one document built from an assessment, written as markdown and as HTML."""

from __future__ import annotations
