"""Importing this module first fails: orders asks for Customer before it is defined."""

from shop.orders import open_orders


class Customer:
    def has_orders(self) -> bool:
        return any(order.customer is self for order in open_orders())
