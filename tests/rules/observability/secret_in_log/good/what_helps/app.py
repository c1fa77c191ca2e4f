import logging
from enum import Enum

from fastapi import FastAPI, Request
from pydantic import SecretStr
from pydantic_settings import BaseSettings

app = FastAPI()
logger = logging.getLogger(__name__)


class Settings(BaseSettings):
    name: str = "shop"
    database_password: SecretStr


class Grant(str, Enum):
    password = "password"


settings = Settings()


@app.post("/login")
async def login(request: Request, user: str, password: str, token: str, next_token: str, has_password: bool):
    logger.info("login of %s, %d characters", user, len(password))
    logger.info("token ends in %s", token[-4:])
    logger.info("given: %s, more: %s", bool(token), next_token)
    logger.info("password of %s is %s", user, settings.database_password)
    logger.info("settings: %s", settings)
    logger.info("settings: %s", settings.model_dump(exclude={"database_password"}))
    logger.info("grant %s, %s", Grant.password, has_password)
    logger.info("agent: %s", request.headers["user-agent"])
    logger.info("the password was changed")
    return {}


def parse(tokens):
    for token in tokens:
        logger.debug("visiting %s", token)
