"""Which files there are, in which snapshot, and what role each plays."""

from __future__ import annotations
