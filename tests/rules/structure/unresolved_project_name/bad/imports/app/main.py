from app import storage  # expect: AG0103 critical
from app.db import connect, disconnect  # expect: AG0103 critical
from app.cache import get  # expect: AG0103 critical
from .queue import put  # expect: AG0103 critical


def late():
    from app.db import pool  # expect: AG0103 high

    return pool, connect, disconnect, storage, get, put
