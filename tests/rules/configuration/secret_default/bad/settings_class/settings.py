from pydantic import BaseModel, Field, SecretStr
from pydantic_settings import BaseSettings


class Mail(BaseModel):
    smtp_password: str = "mailer"  # expect: AG0802 high


class Settings(Mail, BaseSettings):
    secret_key: str = "change-me-in-production"  # expect: AG0802 high
    jwt_secret: SecretStr = SecretStr("dev-only-secret")  # expect: AG0802 high
    admin_password: str = Field(default="letmein")  # expect: AG0802 high
    database_url: str = "postgresql://app:Tr0ub4dor@db.internal.example.com/app"  # expect: AG0802 critical
