import os

from decouple import config

SECRET_KEY = os.environ.get("SECRET_KEY", "changeme")  # expect: AG0802 high
JWT_SECRET = os.getenv("JWT_SECRET", default="dev-secret")  # expect: AG0802 high
SIGNING_KEY = os.environ.get("SIGNING_KEY") or "n0t-a-real-key-4711-qwx"  # expect: AG0802 critical
ADMIN_PASSWORD = config("ADMIN_PASSWORD", default="admin")  # expect: AG0802 high
DB_PASSWORD = os.environ.get("DB_PASSWORD", "postgres")  # expect: AG0802 medium
STRIPE = os.environ.get("STRIPE_API_KEY", "q8Xw3Lk9Zr5Tn2Vb7Mc4")  # expect: AG0802 critical
DATABASE_URL = os.environ.get("DATABASE_URL", "postgresql://app:app@localhost/app")  # expect: AG0802 medium
BROKER = os.getenv("BROKER_URL", "amqp://app:Tr0ub4dor@mq.internal.example.com")  # expect: AG0802 critical
