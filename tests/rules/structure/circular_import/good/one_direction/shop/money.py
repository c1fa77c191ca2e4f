class Price(float):
    pass
