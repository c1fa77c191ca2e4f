import os

os.environ.setdefault("SECRET_KEY", "for-the-tests-only-77")
SECRET_KEY = os.environ.get("SECRET_KEY", "changeme")
