"""The project's configuration, validated, and knowledge: together the Policy."""

from __future__ import annotations
