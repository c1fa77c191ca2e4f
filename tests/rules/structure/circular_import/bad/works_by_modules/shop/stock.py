from shop import orders


def take(item: str) -> None:
    if item == "last":
        orders.place("refill")
