"""What archguard knows of public libraries: tables with their sources, no code of analysis."""

from __future__ import annotations

from archguard.knowledge.reading import load

__all__ = ["load"]
