"""Whole modules are imported, so both orders work today."""

from shop import stock  # expect: AG0101 medium


def place(item: str) -> None:
    stock.take(item)
