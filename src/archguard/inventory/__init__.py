"""What the service is made of, for the report's tables and diagrams."""

from __future__ import annotations
