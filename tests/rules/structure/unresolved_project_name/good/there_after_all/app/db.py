import sys

if sys.platform == "linux":
    def connect(): ...
else:
    connect = None

for name in ("a", "b"):
    globals()[name] = name
