import requests


class QuoteService:
    def __init__(self) -> None:
        self.session = requests.Session()

    def latest(self, symbol: str) -> dict:
        return self._read(f"/quotes/{symbol}")

    def _read(self, path: str) -> dict:
        return self.session.get(path, timeout=3).json()  # expect: AG0901 high


quote_service = QuoteService()
