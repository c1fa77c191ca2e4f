import requests


def test_api() -> None:
    assert requests.get("http://localhost:8000").ok
