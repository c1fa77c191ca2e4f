import subprocess

from fastapi import FastAPI

app = FastAPI()


@app.post("/convert")
def convert(name: str) -> None:
    subprocess.run(["convert", name, "out.png"], check=True)  # expect: AG0601 medium


def prune() -> None:
    subprocess.run(["prune"], check=True)  # expect: AG0601 low
