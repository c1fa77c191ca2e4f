from ._version import version
from .db import *


def __getattr__(name: str) -> object:
    return name
