import jwt
from sqlalchemy import create_engine

SECRET_KEY = "n0t-a-real-key-4711-qwx"  # expect: AG0801 critical
engine = create_engine("postgresql://billing:Tr0ub4dor@db.internal.example.com/billing")  # expect: AG0801 critical
session_password = "hunter"  # expect: AG0801 medium


class Mailer:
    smtp_password = "b1lling-m4iler"  # expect: AG0801 critical

    def connect(self, client, password="s3cr3t-def4ult"):  # expect: AG0801 critical
        client.login(user="billing", password="Wh4tever!x")  # expect: AG0801 critical
        headers = {
            "Accept": "application/json",
            "X-Api-Key": "q8Xw3Lk9Zr5Tn2Vb7Mc4",  # expect: AG0801 critical
        }
        client.headers["Authorization"] = "Bearer a1b2c3d4e5f60718293a"  # expect: AG0801 critical
        return headers


def issue(payload: dict, app, user) -> str:
    app.config["SECRET_KEY"] = "dev"  # expect: AG0801 medium
    if user.password == "l3tmein-please":  # expect: AG0801 critical
        user.set_password("b4ckdoor-4all")  # expect: AG0801 critical
    return jwt.encode(payload, "secret", algorithm="HS256")  # expect: AG0801 medium


def twice(client) -> None:
    client.token = "t0ken-number-0ne-77"  # expect: AG0801 critical
    client.token = "t0ken-number-tw0-88"  # expect: AG0801 critical
