from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse
from fastapi.templating import Jinja2Templates
from partner import client

router = APIRouter()
templates = Jinja2Templates("templates")


@router.get("/things/one")
def read_one() -> int:
    return 1


@router.get("/things/two")
def read_two() -> int:
    return 1


@router.get("/things/three")
def read_three() -> int:
    return 1


@router.get("/things/four")
def read_four() -> int:
    return 1


@router.get("/things/five")
def read_five() -> int:
    return 1


@router.get("/things/six")
def read_six() -> int:
    return 1


@router.get("/things/seven")
def read_seven() -> int:
    return 1


@router.get("/things/eight")
def read_eight() -> int:
    return 1


@router.get("/nine")
def read_nine() -> int:
    return 9


@router.get("/ten")
def read_ten() -> int:
    return 10


@router.get("/page", response_class=HTMLResponse)
def page():
    return "<main></main>"


@router.get("/template")
def template(request: Request):
    return templates.TemplateResponse(request, "index.html")


@router.get("/file")
def file():
    return FileResponse("file.pdf")


@router.get("/login")
async def login(request: Request):
    answer: RedirectResponse = await client.authorize(request)
    return answer


@router.get("/built")
def built():
    response = JSONResponse({"built": True})
    return response


@router.get("/unknown")
def unknown():
    return client.answer()


@router.post("/nothing")
def nothing():
    print("done")


@router.delete("/things", status_code=204)
def remove():
    return Response(status_code=204)


@router.get("/chosen", response_model=None)
def chosen():
    return {"chosen": True}


@router.get("/inner", include_in_schema=False)
def inner():
    return {"inner": True}


app = FastAPI()
app.include_router(router)
