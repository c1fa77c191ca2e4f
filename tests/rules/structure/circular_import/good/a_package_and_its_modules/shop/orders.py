"""Asks its own package for a sibling module, which is how packages are written."""

from shop import settings


class Order:
    currency = settings.CURRENCY
