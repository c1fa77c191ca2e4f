from shop.base import router


@router.get("/{name}")
def read(name: str) -> str:
    return name
