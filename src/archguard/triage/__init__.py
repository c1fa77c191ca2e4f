"""Joining, suppressing, identifying and comparing findings."""

from __future__ import annotations
