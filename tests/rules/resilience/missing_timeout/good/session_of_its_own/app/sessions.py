import requests
from requests.adapters import HTTPAdapter


class LimitedAdapter(HTTPAdapter):
    def send(self, request, **kwargs):
        kwargs.setdefault("timeout", 5)
        return super().send(request, **kwargs)


class LimitedSession(requests.Session):
    def request(self, method, url, **kwargs):
        kwargs.setdefault("timeout", 5)
        return super().request(method, url, **kwargs)


def make() -> requests.Session:
    made = requests.Session()
    made.mount("https://", LimitedAdapter())
    return made
