class ShopError(Exception):
    """Its text is for whoever asked."""


class OutOfStock(ShopError): ...
