import os
import tempfile
from pathlib import Path

import zmq
from fastapi import FastAPI

app = FastAPI()


class Updates:
    def __init__(self) -> None:
        self.socket = zmq.Context().socket(zmq.SUB)

    def next(self) -> tuple[str, object] | None:
        try:
            topic = self.socket.recv_string(flags=zmq.NOBLOCK)
            return topic, self.socket.recv_json()
        except zmq.Again:
            return None


updates = Updates()


@app.get("/")
async def root(folder: str) -> object:
    place = Path(folder)
    place.mkdir(exist_ok=True)
    if place.exists() and place.stat().st_size:
        (place / "old").rename(place / "older")
        (place / "oldest").unlink(missing_ok=True)
    os.makedirs(place / "more", exist_ok=True)
    with tempfile.NamedTemporaryFile() as file:
        os.remove(file.name)
    return updates.next(), [each.name for each in place.iterdir()], os.listdir(place)
