"""What archguard knows of public libraries: tables with their sources, no code of analysis."""

from __future__ import annotations
