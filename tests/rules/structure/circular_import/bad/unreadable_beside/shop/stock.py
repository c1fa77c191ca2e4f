from shop import orders


def left() -> int:
    return orders.count()
