import requests
from fastapi import Depends, FastAPI
from sqlalchemy.ext.asyncio import AsyncSession

from store import get_session, touch

app = FastAPI()


def bare(work) -> None:
    try:
        work()
    except:  # expect: AG0606 low
        return


def one_of_them(work) -> None:
    try:
        work()
    except (ValueError, Exception):  # expect: AG0606 low
        pass


@app.post("/hooks")
def hook(message: str) -> None:
    try:
        requests.post("https://hooks.example.org", json=message, timeout=3)
    except requests.RequestException:  # expect: AG0606 medium
        pass


def nobody_is_known_to_call_it(session: AsyncSession) -> None:
    try:
        session.add(1)
    except Exception:  # expect: AG0606 medium
        pass


@app.get("/pages")
async def pages(session: AsyncSession = Depends(get_session)) -> str:
    try:
        await touch(session)
    except Exception:  # expect: AG0606 low
        pass
    return "page"


def names_that_handlers_bind(work, again) -> None:
    try:
        try:
            work()
        except ValueError as error:
            raise RuntimeError("failed") from error
    except Exception:  # expect: AG0606 low
        pass
    try:
        again()
    except ValueError as error:
        print(error)
