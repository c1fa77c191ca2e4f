"""Facts in, the linked Program out."""

from __future__ import annotations
