import subprocess
import time
from urllib import request

from fastapi import FastAPI

app = FastAPI()


@app.post("/convert")
async def convert(path: str):
    subprocess.run(["convert", path], check=True)  # expect: AG0901 high
    time.sleep(0.1)  # expect: AG0901 high
    with request.urlopen("https://example.org/done", timeout=2) as answer:  # expect: AG0901 high
        return answer.status


async def nobody_seen_to_call_it():
    time.sleep(1)  # expect: AG0901 medium
