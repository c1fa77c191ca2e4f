from fastapi import APIRouter, FastAPI

router = APIRouter(prefix="/api")


@router.get("/order-lines/{key}")
def read_order_lines(key: int) -> int:
    return key


@router.get("/price-lists/{key}")
def read_price_lists(key: int) -> int:
    return key


@router.get("/shop-owners/{key}")
def read_shop_owners(key: int) -> int:
    return key


@router.get("/parcel-labels/{key}")
def read_parcel_labels(key: int) -> int:
    return key


@router.get("/tax-rates/{key}")
def read_tax_rates(key: int) -> int:
    return key


@router.get("/gift-cards/{key}")
def read_gift_cards(key: int) -> int:
    return key


@router.get("/open-hours/{key}")
def read_open_hours(key: int) -> int:
    return key


@router.get("/stock-levels/{key}")
def read_stock_levels(key: int) -> int:
    return key


@router.get("/sales-areas/{key}")
def read_sales_areas(key: int) -> int:
    return key


@router.get("/bank-accounts/{key}")
def read_bank_accounts(key: int) -> int:
    return key


@router.get("/order-lines")
def list_order_lines() -> list[int]:
    return []


@router.get("/price-lists")
def list_price_lists() -> list[int]:
    return []


@router.get("/shop-owners")
def list_shop_owners() -> list[int]:
    return []


@router.get("/parcel-labels")
def list_parcel_labels() -> list[int]:
    return []


@router.get("/tax-rates")
def list_tax_rates() -> list[int]:
    return []


@router.get("/gift-cards")
def list_gift_cards() -> list[int]:
    return []


@router.get("/open-hours")
def list_open_hours() -> list[int]:
    return []


@router.get("/stock-levels")
def list_stock_levels() -> list[int]:
    return []


@router.get("/sales-areas")
def list_sales_areas() -> list[int]:
    return []


@router.get("/bank-accounts")
def list_bank_accounts() -> list[int]:
    return []


@router.get("/voucher_codes")  # expect: AG0301
def voucher_codes() -> list[int]:
    return []


@router.get("/price-offer/{key}")  # expect: AG0301
def price_offer(key: int) -> int:
    return key


@router.get("/returns/")  # expect: AG0301
def returns() -> list[int]:
    return []


app = FastAPI()
app.include_router(router)
