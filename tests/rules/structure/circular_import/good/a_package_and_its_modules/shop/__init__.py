from shop.orders import Order
from shop.settings import CURRENCY

__all__ = ["CURRENCY", "Order"]
