import importlib

from fastapi import FastAPI

import wallets

app = FastAPI()


def get_wallet(name: str) -> wallets.Wallet:
    return getattr(importlib.import_module("wallets"), name)()


@app.post("/payments")
async def pay(name: str):
    wallet = get_wallet(name)
    return wallet.pay()
