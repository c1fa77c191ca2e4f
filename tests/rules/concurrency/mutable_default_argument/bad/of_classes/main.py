from dataclasses import dataclass

import attr
import attrs


class Cart:
    items = []

    def add(self, item):
        self.items.append(item)  # expect: AG0915 medium


def carts():
    return Cart(), Cart()


class Declared:
    names: list[str] = []  # expect: AG0915 low


@dataclass
class NotAField:
    name: str
    tags = []  # expect: AG0915 low


@attr.s(auto_attribs=True)
class Old:
    tags: list[str] = []  # expect: AG0915 low


@attrs.define
class New:
    options: dict[str, str] = {}  # expect: AG0915 low
