import functools

import library


class Meta(type): ...


class Dynamic:
    def __getattr__(self, name: str) -> str:
        return name


class External(library.Base):
    def go(self) -> None:
        self.whatever()


class WithMeta(metaclass=Meta):
    def go(self) -> None:
        self.whatever()


class ByName:
    def __init__(self, **values: int) -> None:
        for name, value in values.items():
            setattr(self, name, value)

    def go(self) -> int:
        return self.price


@library.decorated
class Decorated:
    def go(self) -> None:
        self.whatever()


class Mixin:
    def go(self) -> None:
        self.provided_below()


class Below(Mixin):
    def provided_below(self) -> None: ...


class Plain:
    def ask(self) -> int:
        if hasattr(self, "price"):
            return self.price
        try:
            return self.cost
        except AttributeError:
            return 0


def hinted(plain: Plain) -> int:
    return plain.from_a_subclass


@functools.wraps(hinted)
def wrapped() -> None: ...


@library.injects
def injected(session, name): ...


def run(*rest: int, **named: int) -> None:
    Dynamic().anything
    plain = Plain()
    plain.outside = 1
    print(plain.outside, External().other)
    wrapped(1, 2)
    injected("a")
    run(*rest)
    run(1, 2, 3, a=4)


class Core:
    def fields(self) -> list[str]:
        return self.declared


class Whole(library.with_metaclass(Meta, Core)): ...


class Answer:
    def __init__(self) -> None:
        self.text = "text"


def bound_again() -> bool:
    answer = Answer()
    answer = library.cleaned(answer)["text"].strip()
    answer = answer + "."
    return answer.startswith("t")
