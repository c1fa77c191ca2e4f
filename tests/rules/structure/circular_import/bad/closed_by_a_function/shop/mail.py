from shop.models import Order


def send(order: Order) -> None:
    print(order)
