import time
from collections.abc import Iterator

from fastapi import FastAPI
from fastapi.responses import StreamingResponse

app = FastAPI()


def frames(rate: float) -> Iterator[bytes]:
    while True:
        time.sleep(1 / rate)
        yield b"frame"


@app.get("/camera")
async def camera() -> StreamingResponse:
    return StreamingResponse(frames(5), media_type="multipart/x-mixed-replace; boundary=frame")


@app.get("/preview")
async def preview() -> StreamingResponse:
    stream = frames(1)
    return StreamingResponse(content=stream)
