class Order:
    def notify(self) -> None:
        from shop.mail import send  # expect: AG0101 low

        send(self)
