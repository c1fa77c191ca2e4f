PASSWORD = "s3cr3t-passw0rd"
TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJlMTIz"
URL = "postgresql://app:Tr0ub4dor@localhost/test"


def test_login(client):
    assert client.post("/login", json={"password": "Wh4tever!x"}).status_code == 200
