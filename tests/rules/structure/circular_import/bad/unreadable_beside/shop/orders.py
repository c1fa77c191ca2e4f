from shop import legacy
from shop import stock  # expect: AG0101 medium


def count() -> int:
    return legacy.total - stock.left()
