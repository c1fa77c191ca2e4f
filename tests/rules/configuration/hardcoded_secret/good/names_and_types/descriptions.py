DESCRIPTIONS = {
    "password": "a password",
    "api-secret": "the secret",
}


def token_kind(value):
    return "base64-random" if len(value) > 20 else "hex32-random"
