from shop.money import Price


class Order:
    price: Price
