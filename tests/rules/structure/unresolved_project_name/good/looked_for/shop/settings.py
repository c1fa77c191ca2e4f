import importlib.util
from pathlib import Path

HERE = Path(__file__).parent

if (HERE / "local_settings.py").exists():
    from .local_settings import *

if importlib.util.find_spec("shop.secret") is not None:
    from shop.secret import KEY
