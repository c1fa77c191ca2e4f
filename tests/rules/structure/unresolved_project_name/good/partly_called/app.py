from functools import partial


def serve(workload: str, *, times: int) -> None:
    print(workload, times)


def repeat(workload: str, interval: float) -> None:
    print(workload, interval)


class Note:
    def __new__(cls, text: str) -> "Note":
        return super().__new__(cls)


class Quoted(Note):
    def __new__(cls, text: str) -> "Quoted":
        return super().__new__(cls, f"'{text}'")


class Worker:
    def __init__(self) -> None:
        self.poll = partial(repeat, interval=3.0)

    def run(self) -> None:
        self.poll("poll")


def run(loudly: bool) -> None:
    once = partial(serve, "all", times=1)
    once()
    chosen = serve if loudly else repeat
    chosen("all", 3.0)
    Worker().run()
    Quoted("a")
