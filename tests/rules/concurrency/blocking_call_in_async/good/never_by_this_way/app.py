import requests
from fastapi import FastAPI

app = FastAPI()


class Hub:
    def receive(self, topic: str, payload: str, retain: bool = False) -> None:
        def alert() -> None:
            if topic == "alert":
                requests.post("https://alerts.example", data=payload, timeout=3)

        if topic.startswith("profile/") and topic.endswith("set"):
            self.profile = payload
        elif topic in self.topics():
            self.publish(topic, payload)
        alert()
        if retain:
            requests.put("https://retained.example", data=payload, timeout=3)
        self.count(topic)

    def count(self, name: str) -> None:
        if name in ("review", "restart"):
            requests.post("https://counts.example", timeout=3)
        if not name:
            requests.post("https://unnamed.example", timeout=3)

    def topics(self) -> set[str]:
        return {"review"}

    def publish(self, topic: str, payload: str) -> None:
        requests.post("https://broker.example", data=payload, timeout=3)


hub = Hub()


@app.post("/profile")
async def profile(name: str) -> None:
    hub.receive("profile/set", name)
