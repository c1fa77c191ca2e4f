"""One folder for each area, one file for each rule."""

from __future__ import annotations
