import requests
from fastapi import FastAPI

app = FastAPI()


class Hub:
    def receive(self, topic: str, payload: str, retain: bool = False) -> None:
        if topic == "review":
            requests.post("https://reviews.example", data=payload, timeout=3)  # expect: AG0901 high
        if retain:
            self.keep(topic)

    def keep(self, topic: str) -> None:
        topic = topic.lower()
        if topic == "other":
            requests.put("https://retained.example", timeout=3)  # expect: AG0901 high


hub = Hub()


@app.post("/review")
async def review(text: str) -> None:
    hub.receive("review", text)


@app.post("/keep")
async def keep(topic: str) -> None:
    hub.receive(topic, "", retain=True)
