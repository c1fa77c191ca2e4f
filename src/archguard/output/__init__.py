"""Pure writers: a Run or an Assessment in, text out."""

from __future__ import annotations
