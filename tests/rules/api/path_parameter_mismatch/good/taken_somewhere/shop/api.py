from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Request, WebSocket
from fastapi.responses import HTMLResponse
from library import unknown_dependency

from shop.dependencies import Box, ByRequest, Checked, Line, Order, Parcel, Place, checks, named, require

router = APIRouter(prefix="/shops/{shop_id}", dependencies=[Depends(require("read"))])


@router.get("/orders/{order_id}")
def read_order(order: Order) -> int:
    return order


@router.get("/orders/{order_id}/lines/{line_id}")
def read_line(line: Annotated[Line, Depends()]) -> int:
    return line.line_id


@router.get("/aisles/{aisle}/{shelf}")
def read_place(place: Place = Depends()) -> Place:
    return place


@router.get("/boxes/{box_id}")
def read_box(box: Annotated[Box, Depends(Box)]) -> int:
    return box.box_id


@router.get("/seals/{seal_id}")
def read_seal(seal: int = Depends(Checked())) -> int:
    return seal


@router.get("/checks/{check_id}", dependencies=[Depends(checks)])
def read_check() -> str:
    return "checked"


@router.get("/parcels/{parcel_id}")
def read_parcel(parcel: object = Depends(ByRequest(Parcel))) -> str:
    return str(parcel)


@router.get("/owners/{owner}")
def read_owner(name: Annotated[str, Depends(named)]) -> str:
    return name


@router.get("/foreign/{foreign_id}")
def read_foreign(value: Annotated[str, Depends(unknown_dependency)]) -> str:
    return value


@router.get("/raw/{raw_id}")
def read_raw(request: Request) -> str:
    return request.path_params["raw_id"]


@router.websocket("/live/{order_id}")
async def live(socket: WebSocket, order_id: int) -> None:
    await socket.accept()


@router.get("/typed/{item-id}/{ item }/{key: int}/{größe}")
def literal_braces() -> str:
    return "no placeholder in the path"


@router.get("/documents/{order_id}/{filename}")
def document(order_id: int) -> str:
    return "the name is for the browser"


@router.get("/pages/{page}", response_class=HTMLResponse)
def page() -> str:
    return "<main></main>"


@router.options("/pages/{page}")
def preflight() -> None:
    return None


app = FastAPI()
app.include_router(router)


@app.get("/{rest:path}")
def everything_else() -> str:
    return "nothing here"
