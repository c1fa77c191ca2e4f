import logging
import os

import structlog
from fastapi import FastAPI, Request
from pydantic_settings import BaseSettings

app = FastAPI()
logger = logging.getLogger(__name__)
log = structlog.get_logger()


class Settings(BaseSettings):
    name: str = "shop"
    database_password: str


settings = Settings()


@app.post("/login")
async def login(request: Request, user: str, password: str, payload: dict):
    logger.info("login of %s with %s", user, password)  # expect: AG0702 critical
    logger.warning(f"payload {payload['api_key']}")  # expect: AG0702 critical
    logger.error("refused: " + payload["client_secret"])  # expect: AG0702 critical
    log.info("login", user=user, access_token=payload["access_token"])  # expect: AG0702 high
    logger.info("in", extra={"authorization": request.headers["authorization"]})  # expect: AG0702 high
    logger.debug("headers: %s", dict(request.headers))  # expect: AG0702 medium
    logger.info("started with %s", settings)  # expect: AG0702 high
    logger.info("environment: {}".format(os.environ))  # expect: AG0702 high
    print("connecting to", settings.database_password)  # expect: AG0702 critical
    return {}


@app.post("/reset")
async def reset(token: str):
    logger.exception("cannot verify %s", token)  # expect: AG0702 high
