from dataclasses import dataclass


@dataclass
class Order:
    price: int

    def total(self, quantity: int) -> int:
        return self.price * self.quantity  # expect: AG0103 high


class Base:
    def __init__(self, name: str) -> None:
        self.name = name


class Book(Base):
    def add(self, order: Order, *, silent: bool = False) -> None:
        self.last = order


def place(limit: int, price: int = 1) -> None:
    book = Book("a")
    book.remove(limit)  # expect: AG0103 high
    print(book.name, book.last, book.size)  # expect: AG0103 high
    book.add(Order(price), True)  # expect: AG0103 high
    book.add(Order(price), quiet=True)  # expect: AG0103 high


def run() -> None:
    place()  # expect: AG0103 high
    place(1, 2, 3)  # expect: AG0103 high
    place(1, price=2)
