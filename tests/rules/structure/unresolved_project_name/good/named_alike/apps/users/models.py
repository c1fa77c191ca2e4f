class Version:
    def __new__(cls, number: int) -> object:
        return User() if number else super().__new__(cls)


class User:
    def name(self) -> str:
        return self.alias if hasattr(self, "alias") else "user"


Version(1).anything()
