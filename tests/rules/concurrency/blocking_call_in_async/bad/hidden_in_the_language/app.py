import time

from fastapi import Depends, FastAPI

app = FastAPI()


class Settings:
    @property
    def remote(self) -> str:
        time.sleep(1)  # expect: AG0901 high
        return "remote"


class Guard:
    def __enter__(self):
        time.sleep(1)  # expect: AG0901 high
        return self

    def __exit__(self, *error):
        return None


class Report:
    def __init__(self) -> None:
        time.sleep(1)  # expect: AG0901 high


class Audit:
    def __call__(self, event: str) -> None:
        time.sleep(1)  # expect: AG0901 high


async def settings() -> Settings:
    return Settings()


@app.get("/reports")
async def reports(config: Settings = Depends(settings)):
    audit = Audit()
    audit("read")
    with Guard():
        return [config.remote, Report()]
