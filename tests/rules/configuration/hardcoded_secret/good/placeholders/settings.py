import os

PASSWORD = "changeme"
API_KEY = "<your-api-key>"
SECRET_KEY = "xxxxxxxxxxxxxxxx"
TOKEN = "your-token-here-123"
AWS_SECRET_ACCESS_KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
DB_PASSWORD = os.environ["DB_PASSWORD"]
SMTP_PASSWORD = os.environ.get("SMTP_PASSWORD", "")
DSN = f"postgresql://{os.environ['DB_USER']}:{DB_PASSWORD}@db/app"
TEMPLATE = "postgresql://{user}:{password}@{host}/{name}"
password_hash = "$2b$12$JdHtJOlkPFwyxdjdygEzPOtYmdQF5uR5tHxw5Tq8pxjubyLqdIX5i"
secret_id = "3f2b8c1e-9d47-4c1a-8a63-2f1d7c5b9e04"
token_file = "/run/secrets/token1"
private_key = "keys/jwt-2024.pem"
password = "DB_PASSWORD_2"
token = "https://auth.example.com/token/v1"
CHECKSUM = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
PUBLIC_KEY = "-----BEGIN PUBLIC KEY-----\nMFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAKj34GkxFhD9\n-----END PUBLIC KEY-----"
BEGIN = "-----BEGIN RSA PRIVATE KEY-----"
headers = {"Authorization": f"GenieKey {TOKEN}", "X-Token": f"Bearer {API_KEY}"}
fake_wallet_secret = "ToTheM00n1-x"
HELP = "For example: Bearer: JWT token, or basic: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ== in the field above"
