import os
import secrets

import requests
import uvicorn
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

DEBUG = os.environ.get("DEBUG") == "1"
SECRET_KEY = os.environ["SECRET_KEY"]
app = FastAPI(debug=DEBUG)
app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_methods=["*"])
app.add_middleware(CORSMiddleware, allow_origins=["https://shop.example.com"], allow_credentials=True)


def invite() -> str:
    secret_key = secrets.token_hex(16)
    return secret_key


def own_health(verify: bool):
    requests.get("https://localhost:8443/health", verify=False, timeout=1)
    return requests.get("https://rates.example.com", verify=verify, timeout=3)


def main():
    uvicorn.run("main:app", reload=True)


if __name__ == "__main__":
    main()
