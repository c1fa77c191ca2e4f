from fastapi import FastAPI

app = FastAPI()


@app.get("/order-lines/{key}/x")
def read_order_lines(key: int) -> int:
    return key


@app.get("/price_lists/{key}/")
def read_price_lists(key: int) -> int:
    return key


@app.get("/shop-owners/{key}/x")
def read_shop_owners(key: int) -> int:
    return key


@app.get("/parcel_labels/{key}/")
def read_parcel_labels(key: int) -> int:
    return key


@app.get("/tax-rates/{key}/x")
def read_tax_rates(key: int) -> int:
    return key


@app.get("/gift_cards/{key}/")
def read_gift_cards(key: int) -> int:
    return key


@app.get("/open-hours/{key}/x")
def read_open_hours(key: int) -> int:
    return key


@app.get("/stock_levels/{key}/")
def read_stock_levels(key: int) -> int:
    return key


@app.get("/sales-areas/{key}/x")
def read_sales_areas(key: int) -> int:
    return key


@app.get("/bank_accounts/{key}/")
def read_bank_accounts(key: int) -> int:
    return key
