"""The vocabulary of archguard: immutable values that every other package speaks in.

Nothing here imports another package of archguard, reads a file or runs an algorithm.
"""

from __future__ import annotations
