from fastapi import APIRouter, Depends, FastAPI
from views import controller

router = APIRouter()


def order_of(order_id: int) -> int:
    return order_id


class Base:
    order: int = Depends(order_of)


@controller(router)
class Orders(Base):
    @router.get("/orders/{order_id}")
    def read(self) -> int:
        return self.order

    @router.get("/orders/{order_id}/lines/{line_id}")
    def line(self, line_id: int) -> int:
        return line_id


app = FastAPI()
app.include_router(router)
