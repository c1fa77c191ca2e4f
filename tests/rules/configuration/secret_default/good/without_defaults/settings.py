import os

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    secret_key: str
    token_url: str = "/auth/token"
    token_algorithm: str = "HS256"
    api_key: str = ""
    api_token: str = "your-token-here"
    smtp_password: SecretStr | None = None
    password_file: str = "/run/secrets/password"
    private_key: str = "keys/jwt.pem"
    vault_secret: str = Field(default="${VAULT_SECRET}")
    password_policy: str = "strong"
    fake_wallet_secret: str = "ToTheMoon1"
    database_url: str = "postgresql://localhost/app"


SECRET = os.environ.get("SECRET", "")
PASSWORD = os.environ.get("DB_PASSWORD")
TOKEN_PREFIX = os.environ.get("TOKEN_PREFIX", "Bearer")
