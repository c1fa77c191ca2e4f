def connect(host: str) -> tuple[str, int]:
    return host, 5432


class Connection:
    first, second = divmod(17, 5)

    def __init__(self, host: str) -> None:
        self.host, self.port = connect(host)
        (self.user, *self.rest), self.secure = ("a", "b"), True
        for self.attempt, self.delay in enumerate((1, 2)):
            break

    def describe(self) -> tuple[object, ...]:
        return self.host, self.port, self.user, self.rest, self.secure, self.attempt, self.delay, self.first


def describe() -> str:
    connection = Connection("db")
    return f"{connection.host}:{connection.port} {connection.second}"
