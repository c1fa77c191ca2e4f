import os
from enum import Enum

from fastapi.security import OAuth2PasswordBearer

TOKEN_TYPE = "Bearer"
AUTH_SCHEME = "Token"
API_KEY_HEADER = "X-API-Key-V2"
PASSWORD_FIELD = "new_password_1"
TOKEN_URL = "/auth/token/v1"
SECRET_NAME = "prod/billing/db-1"
REFRESH = {"grant_type": "refresh_token", "token_type": "bearer"}
oauth2 = OAuth2PasswordBearer(tokenUrl="auth/login/v2")


class Grant(str, Enum):
    password = "password"
    refresh_token = "refresh_token"
    access_token = "access-token-v2"


class Label:
    password = "Password"
    forgot_password = "Forgot your password? Ask for a new 1 here."
    token = "Token"


def page(client, cursor=None):
    answer = client.list_objects(NextToken="eyJhcnJheSI6MX0a1", next_token="q8Xw3Lk9Zr5Tn2Vb7Mc4")
    while answer["NextToken"] != "end0fthelist99":
        answer = client.list_objects(NextToken=answer["NextToken"], page_token="a1b2c3d4e5f6a7b8")
    return answer


def login(user, password):
    if password == "" or password is None:
        raise ValueError("password1 is missing")
    if user.password == "LDAP":
        return None
    return user.check(password)


def parse(tokens):
    for token in tokens:
        if token == "AND" or token == "(" or token == "=>":
            yield token


def harmless_for_timing(hasher):
    hasher.verify_password("abc123cba321", "$2b$12$JdHtJOlkPFwyxdjdygEzPOtYmdQF5uR5tHxw5Tq8pxjubyLqdIX5i")


def signer(signing):
    return signing.TimestampSigner(salt="reports.v2")
