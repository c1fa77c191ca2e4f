import os
import secrets
import ssl

import httpx
import requests
import uvicorn
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

SECRET_KEY = secrets.token_hex(32)  # expect: AG0806 high
JWT_SECRET = os.environ.get("JWT_SECRET", secrets.token_urlsafe(32))  # expect: AG0806 medium
SIGNING_KEY = os.environ.get("SIGNING_KEY") or os.urandom(24).hex()  # expect: AG0806 medium
app = FastAPI(debug=True)  # expect: AG0806 high
app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=True)  # expect: AG0806 high


def rates():
    return requests.get("https://rates.example.com", verify=False, timeout=3)  # expect: AG0806 high


async def prices():
    async with httpx.AsyncClient(verify=False) as client:  # expect: AG0806 high
        return await client.get("https://prices.example.com")


def context():
    return ssl._create_unverified_context()  # expect: AG0806 high


if __name__ == "__main__":
    uvicorn.run("main:app", reload=True)  # expect: AG0806 high
