import requests


class QuoteService:
    def __init__(self, ticker_url: str) -> None:
        self.ticker_url = ticker_url

    def latest(self, symbol: str) -> dict:
        return self.read(f"{self.ticker_url}/{symbol}").json()

    def read(self, url: str) -> requests.Response:
        return requests.get(url, timeout=5)
