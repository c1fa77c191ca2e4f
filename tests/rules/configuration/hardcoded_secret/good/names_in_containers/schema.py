from enum import Enum

SCHEMA = {
    "properties": {"http_password": {"type": "string", "title": "Access code 1"}},
    "secret": ["pat", "jsonKeyFile", "aws_key_2"],
    "secrets": {"required": ["gemini"], "optional": ("azure_ai",)},
}
api_keys = {"BILLING__PUBLIC_API_URL", "NEXT_PUBLIC_API_URL"}
provider_to_secret = {"bedrock": "amazon_bedrock"}
id_token_signing_alg_values_supported = ["ES256"]
PENDING_BOT_TOKEN = "__billing_pending_bot_token__"
SECRET_METADATA_ROOT = "secret_metadata"
TOKENS = "keyword"


class Resource(str, Enum):
    SECRET_METADATA = "secret_metadata"


def header(token):
    authorization = "Bearer %s" % token
    return authorization or "Token " + token
