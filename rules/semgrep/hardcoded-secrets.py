# Cases of hardcoded-secrets.yml for `semgrep --test`: never run, only matched. Every value is made up.
import logging
import os
import secrets
from enum import Enum

import httpx
import jwt
import requests
from decouple import config
from pydantic import BaseModel, Field, SecretStr
from pydantic_settings import BaseSettings

logger = logging.getLogger(__name__)
app = type("App", (), {})()
store = {}


# --- archguard-secret-assignment ------------------------------------------------------------------------

# ruleid: archguard-secret-assignment
password = "s3cr3t"
# ruleid: archguard-secret-assignment
DB_PASSWORD = "hunter2"
# ruleid: archguard-secret-assignment
api_key: str = "8f14e45fceea167a5a36dedd4bea2543"
# ruleid: archguard-secret-assignment
app.secret_key = "dev"
# ruleid: archguard-secret-assignment
store["SECRET_KEY"] = "not-so-very-private-17"
# ruleid: archguard-secret-assignment
authToken = "9sdf87g6sd98f7g6sd"
# ok: archguard-secret-assignment
password = os.environ["PASSWORD"]
# ok: archguard-secret-assignment
password = "changeme"
# ok: archguard-secret-assignment
api_key = "<your api key>"
# ok: archguard-secret-assignment
password = ""
# ok: archguard-secret-assignment
token_type = "bearer"
# ok: archguard-secret-assignment
token = "Bearer"
# ok: archguard-secret-assignment
TOKEN_URL = "https://example.org/oauth/token"
# ok: archguard-secret-assignment
token_url = "/api/v1/login"
# ok: archguard-secret-assignment
next_token = "a8f5f167f44f4964"
# ok: archguard-secret-assignment
csrf_token = "a8f5f167f44f4964"
# ok: archguard-secret-assignment
password_field = "new_password"
# ok: archguard-secret-assignment
api_key_header = "X-API-Key"
# ok: archguard-secret-assignment
PASSWORD = "password"
# ok: archguard-secret-assignment
password = "LDAP"
# ok: archguard-secret-assignment
REFRESH_TOKEN = "refresh_token"
# ok: archguard-secret-assignment
secret_key = "SHOP_SECRET_KEY"
# ok: archguard-secret-assignment
access_token = "6f1d7c42-5d0a-4b0e-9b64-0d8f8b6e2f11"
# ok: archguard-secret-assignment
wrong_password = "The password is wrong"
# ok: archguard-secret-assignment
host_key = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ"
# ok: archguard-secret-assignment
max_tokens = "4096"
# ok: archguard-secret-assignment
password = f"{store['user']}-x"
# ok: archguard-secret-assignment
secret_token = "xxxxxxxxxxxxxxxx"


class Grant(str, Enum):
    # ok: archguard-secret-assignment
    password = "p4ssw0rd"
    # ok: archguard-secret-assignment
    refresh_token = "urn:grant:refresh1"


# --- archguard-secret-argument --------------------------------------------------------------------------


def connect(driver, parser, given):
    # ruleid: archguard-secret-argument
    driver.connect(host="db", password="s3cr3t")
    # ruleid: archguard-secret-argument
    driver.client(api_key="8f14e45fceea167a")
    # ok: archguard-secret-argument
    driver.connect(host="db", password=given)
    # ok: archguard-secret-argument
    driver.connect(host="db", password="<password>")
    # ok: archguard-secret-argument
    driver.client(token="access_token")
    # ok: archguard-secret-argument
    parser.add_argument("--password", password="s3cr3t")


# --- archguard-secret-dict-entry ------------------------------------------------------------------------

# ruleid: archguard-secret-dict-entry
login = {"user": "shop", "password": "s3cr3t"}
# ruleid: archguard-secret-dict-entry
headers = {"X-Api-Key": "8f14e45fceea167a", "Accept": "application/json"}
# ok: archguard-secret-dict-entry
labels = {"password": "Password", "token": "Your token"}
# ok: archguard-secret-dict-entry
schema = {"password": "string", "api_key": "apiKey"}


# --- archguard-secret-parameter-default -----------------------------------------------------------------


# ruleid: archguard-secret-parameter-default
def login_as(user, password="s3cr3t"):
    return user, password


# ok: archguard-secret-parameter-default
def login_with(user, password=None, token: str = "", grant_type="password"):
    return user, password, token, grant_type


# --- archguard-secret-comparison ------------------------------------------------------------------------


def allowed(password, token, kind):
    # ruleid: archguard-secret-comparison
    if password == "s3cr3t":
        return True
    # ok: archguard-secret-comparison
    if token == "refresh_token":
        return True
    # ok: archguard-secret-comparison
    return password == "" or kind == "p4ssw0rd"


# --- archguard-secret-environment-default ---------------------------------------------------------------

# ruleid: archguard-secret-environment-default
SECRET = os.environ.get("SECRET_KEY", "changeme")
# ruleid: archguard-secret-environment-default
DATABASE_PASSWORD = os.getenv("DATABASE_PASSWORD", "postgres")
# ruleid: archguard-secret-environment-default
JWT = config("JWT_SECRET", default="dev-only")
# ruleid: archguard-secret-environment-default
API = os.getenv("API_KEY") or "8f14e45fceea167a"
# ok: archguard-secret-environment-default
SECRET = os.environ.get("SECRET_KEY")
# ok: archguard-secret-environment-default
SECRET = os.environ.get("SECRET_KEY", "")
# ok: archguard-secret-environment-default
SECRET = os.environ["SECRET_KEY"]
# ok: archguard-secret-environment-default
URL = os.getenv("TOKEN_URL", "https://example.org/token")
# ok: archguard-secret-environment-default
HOST = os.environ.get("DATABASE_HOST", "localhost")
# ok: archguard-secret-environment-default
FILE = os.environ.get("SECRET_KEY", "/run/secrets/key")


# --- archguard-secret-settings-default ------------------------------------------------------------------


class Settings(BaseSettings):
    # ruleid: archguard-secret-settings-default
    secret_key: str = "changeme"
    # ruleid: archguard-secret-settings-default
    smtp_password: SecretStr = SecretStr("hunter2")
    # ruleid: archguard-secret-settings-default
    api_key: str = Field(default="8f14e45fceea167a", min_length=8)
    # ok: archguard-secret-settings-default
    database_password: SecretStr
    # ok: archguard-secret-settings-default
    jwt_secret: str = ""
    # ok: archguard-secret-settings-default
    token_algorithm: str = "HS256"
    # ok: archguard-secret-settings-default
    token_url: str = "/token"


class Login(BaseModel):
    # ok: archguard-secret-settings-default
    password: str = Field("changeme", description="the password")


# --- archguard-jwt-literal-key --------------------------------------------------------------------------


def sign(payload, token, key):
    # ruleid: archguard-jwt-literal-key
    signed = jwt.encode(payload, "shop-signs-with-this", algorithm="HS256")
    # ruleid: archguard-jwt-literal-key
    jwt.decode(token, key="shop-signs-with-this", algorithms=["HS256"])
    # ok: archguard-jwt-literal-key
    jwt.encode(payload, key, algorithm="HS256")
    # ok: archguard-jwt-literal-key
    jwt.decode(token, "-----BEGIN PUBLIC KEY-----", algorithms=["RS256"])
    return signed


# --- archguard-basic-auth-literal -----------------------------------------------------------------------


def fetch(url, user, given):
    # ruleid: archguard-basic-auth-literal
    requests.get(url, auth=("shop", "s3cr3t"), timeout=5)
    # ruleid: archguard-basic-auth-literal
    httpx.get(url, auth=httpx.BasicAuth(user, "s3cr3t"))
    # ok: archguard-basic-auth-literal
    requests.get(url, auth=(user, given), timeout=5)
    # ok: archguard-basic-auth-literal
    requests.get(url, auth=("user", "<password>"), timeout=5)


# --- archguard-random-secret-key ------------------------------------------------------------------------

# ruleid: archguard-random-secret-key
SECRET_KEY = secrets.token_hex(32)
# ruleid: archguard-random-secret-key
SECRET_KEY = os.environ.get("SECRET_KEY", secrets.token_urlsafe(32))
# ok: archguard-random-secret-key
REQUEST_ID = secrets.token_hex(8)


def new_session():
    # ok: archguard-random-secret-key
    session_key = secrets.token_hex(32)
    return session_key


# --- archguard-secret-logged ----------------------------------------------------------------------------


def report(user, password, settings, access_token, reset_token_ttl):
    # ruleid: archguard-secret-logged
    logger.info("login of %s with %s", user, password)
    # ruleid: archguard-secret-logged
    logger.debug(f"token is {access_token}")
    # ruleid: archguard-secret-logged
    logger.warning("connecting to %s", settings.database_url)
    # ok: archguard-secret-logged
    logger.info("login of %s", user)
    # ok: archguard-secret-logged
    logger.info("the password was changed")
    # ok: archguard-secret-logged
    logger.info("valid for %s", reset_token_ttl)
    # ok: archguard-secret-logged
    logger.info("has a password: %s", bool(password))


# --- by format ------------------------------------------------------------------------------------------

KEY = """
# ruleid: archguard-private-key
-----BEGIN RSA PRIVATE KEY-----
MIIEmadeupmadeupmadeupmadeupmadeupmadeup
"""
PUBLIC = """
# ok: archguard-private-key
-----BEGIN PUBLIC KEY-----
MIIBmadeupmadeupmadeupmadeupmadeupmadeup
"""
# ok: archguard-private-key
HEAD = "-----BEGIN PRIVATE KEY-----"

# ruleid: archguard-aws-key
key_id = "AKIA2B3C4D5E6F7G2H3J"
# ok: archguard-aws-key
key_id = "AKIAIOSFODNN7EXAMPLE"

# ruleid: archguard-source-host-token
git = "ghp_0a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6q7r"
# ruleid: archguard-source-host-token
lab = "glpat-0a1b2c3d4e5f6g7h8i9j"
# ok: archguard-source-host-token
git = "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"

# ruleid: archguard-chat-token
slack = "xoxb-2f9a8c7d6e5b4a3f"
# ruleid: archguard-chat-token
hook = "https://discord.com/api/webhooks/123456789012345678/0a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6q7r"
# ok: archguard-chat-token
slack = "xoxb-your-token-here"

# ruleid: archguard-service-key
stripe = "sk_live_4f9a8c7d6e5b4a3f"
# ruleid: archguard-service-key
openai = "sk-proj-0a1B2c3D4e5F6g7HT3BlbkFJ8i9J0k1L2m3N4o5P"
# ok: archguard-service-key
stripe = "sk_test_xxxxxxxxxxxxxxxx"
# ok: archguard-service-key
openai = "sk-your-key-goes-here-please"
# ok: archguard-service-key
css = "sk-circle-fade-dot-animation-name"

# ruleid: archguard-url-password
dsn = "postgresql://shop:hunter2@db:5432/shop"
# ok: archguard-url-password
dsn = "postgresql://user:password@localhost/db"
# ok: archguard-url-password
dsn = "postgresql://shop:shop@localhost/shop"
# ok: archguard-url-password
dsn = f"postgresql://{app.user}:{app.password}@db/shop"
# ok: archguard-url-password
dsn = "redis://cache:6379/0"
# ok: archguard-url-password
dsn = "https://example.org:8443/@shop"

# ruleid: archguard-committed-jwt
cookie = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJzaG9wIn0.0a1b2c3d4e5f6g7h8i9j0k1l2m"
# ok: archguard-committed-jwt
head = "eyJhbGciOiJIUzI1NiJ9"

# ruleid: archguard-authorization-header
signed = {"Authorization": "Bearer 0a1b2c3d4e5f6g7h8i9j"}
# ok: archguard-authorization-header
signed = {"Authorization": f"Bearer {app.token}"}
# ok: archguard-authorization-header
signed = {"Authorization": "Bearer <token>"}
