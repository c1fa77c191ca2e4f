from typing import TYPE_CHECKING

import app.sub.deep
from app import connect, db, lazily_made, sub
from app.db import a, b, connect as again
from app.sub import deep

from . import nothing_here_but_getattr

if TYPE_CHECKING:
    from app.stubs import Stub

try:
    from app.db_extra import fast
except ImportError:
    fast = None
