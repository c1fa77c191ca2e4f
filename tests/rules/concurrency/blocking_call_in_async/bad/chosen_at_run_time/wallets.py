import abc

import httpx


class Wallet(abc.ABC):
    @abc.abstractmethod
    def pay(self) -> str: ...


class VoidWallet(Wallet):
    def pay(self) -> str:
        return "nothing"


class NodeWallet(Wallet):
    def pay(self) -> str:
        return httpx.post("https://node.example/pay").text  # expect: AG0901 high
