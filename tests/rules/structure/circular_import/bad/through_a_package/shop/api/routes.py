from shop.service import prices  # expect: AG0101 high

routes = [prices]
