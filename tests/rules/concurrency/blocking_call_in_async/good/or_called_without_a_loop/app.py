import requests
from fastapi import BackgroundTasks, Depends, FastAPI

app = FastAPI()


class Notifier:
    def __init__(self, background: BackgroundTasks | None = None) -> None:
        self.background = background

    @classmethod
    def injected(cls, background: BackgroundTasks) -> "Notifier":
        return cls(background)

    def _send(self, text: str) -> None:
        requests.post("https://hooks.example", json={"text": text}, timeout=3)

    def send(self, text: str) -> None:
        if self.background:
            self.background.add_task(self._send, text)
        else:
            self._send(text)


@app.post("/orders")
async def place(notifier: Notifier = Depends(Notifier.injected)) -> None:
    notifier.send("placed")
