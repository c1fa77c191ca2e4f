"""Importing the service first fails, because the package of the API imports it back."""

from shop.api import routes


def prices() -> list[float]:
    return [1.0] if routes else []
