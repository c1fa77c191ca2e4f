class Comparison:
    OPERATIONS = {
        "empty": lambda column: column.is_(None),
        "like": lambda column, value: column.like(value),
    }
    strict = lambda self: self.operation == "like"

    def __init__(self, operation: str) -> None:
        self.operation = operation
        self.run = self.OPERATIONS[operation]
