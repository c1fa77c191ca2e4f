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


@router.get("/.well-known/openid_configuration.json")
def well_known() -> str:
    return ""


@router.get("/users/{key}")
def read_user(key: int) -> int:
    return key


@router.get("/roles/{key}")
def read_role(key: int) -> int:
    return key


@router.get("/media/{name}")
def media(name: str) -> str:
    return name


@router.get("/oauth2/{provider}")
def provider(provider: str) -> str:
    return provider


@router.get("/order-lines/slug/{slug}")
def by_slug(slug: str) -> str:
    return slug


@router.get("/inner_things", include_in_schema=False)
def inner() -> str:
    return ""


app = FastAPI()
app.include_router(router)
