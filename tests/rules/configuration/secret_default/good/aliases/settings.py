from pydantic import AliasChoices, Field
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    clickhouse_password: str | None = Field(
        default=None, validation_alias=AliasChoices("CLICKHOUSE_PASSWORD", "shop_clickhouse_password_1")
    )
